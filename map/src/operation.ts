// A stored operation: the gateway knows its text by the id, and TypeScript what it takes and gives.
export interface Operation<Data, Variables> {
  readonly id: string;
  /** Never there; it only carries the types. */
  readonly types?: (variables: Variables) => Data;
}
