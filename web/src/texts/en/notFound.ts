export const notFound = {
  heading: "Not here.",
  page: "There is no page at this address.",
  session: "This event does not exist, or belongs to someone else.",
  action: "To my events",
};
