/** A sentence of the program's, in which names of commands and settings stand between backticks. */
export const Sentence = ({ says }: { says: string }) =>
  says.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
