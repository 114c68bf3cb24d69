/** When a page, or a part of it, cannot be shown. */
export const failed = {
  page: "This page does not work.",
  pageSentence:
    "There is a fault in it, and it is not yours. What you typed is kept on this device. Try again, or go to your events.",
  notLoaded: "This page did not load.",
  notLoadedSentence:
    "The connection is away, or the wizard has just been renewed. What you typed is kept on this device.",
  part: "This part of the page cannot be shown.",
  again: "Try again",
  stillAway: "There is no connection yet.",
};
