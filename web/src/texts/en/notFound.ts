export const notFound = {
  heading: "Nothing lies here.",
  sentence: "The address is wrong, or the event belongs to another organization.",
  action: "Go to my events",
};
