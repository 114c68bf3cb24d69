/** When a page, or a part of it, cannot be shown. */
export const failed = {
  page: "This page does not work.",
  pageSentence:
    "Something went wrong, and it is not your fault. What you typed is kept on this device. Try again, or go to your events.",
  notLoaded: "This page did not load.",
  notLoadedSentence:
    "The connection was lost, or the wizard was just updated. What you typed is kept on this device.",
  part: "This part of the page cannot be shown.",
  again: "Try again",
  stillAway: "There is no connection yet.",
};
