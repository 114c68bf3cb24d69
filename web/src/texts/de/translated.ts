/** A subject in German; a text that is newer than its translation is in English. */
export function translated<Subject>(english: Subject, german: Partial<Subject>): Subject {
  return { ...english, ...german };
}
