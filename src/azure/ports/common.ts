// What several of Azure's services have in common.

export interface Sku {
  readonly name: string;
  readonly tier: string | null;
  readonly family: string | null;
  readonly capacity: number | null;
}

/** Called while a long-running operation goes on. */
export type OnProgress = (status: string) => void;

/** Done each time just before a request is sent, also where Azure has made it wait; where it throws nothing is sent. */
export type BeforeSending = () => Promise<unknown>;
