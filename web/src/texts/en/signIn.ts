export const signIn = {
  heading: "Come in.",
  lead: {
    never: "Sign in to make an event, or to carry on with one you have begun.",
    expired: "You were signed out. Sign in and carry on; what you typed is kept.",
    left: "You are signed out. Sign in to carry on.",
  },
  action: "Sign in",
  leaving: "Opening the sign-in…",
  unreachable: "The sign-in cannot be reached. Try again in a moment.",
  kept: "What you had typed before is kept on this device and is sent once you are back.",
  label: "for shows, pop-ups,\nexhibitions and launches",
  failed: "Not signed in.",
  failedSentence: "The sign-in was not completed, or its page was open for too long.",
};
