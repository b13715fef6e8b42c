// What the caller may do, and the application as its users see it.

export interface Authorization {
  /** Those of `actions` that the caller lacks on the resource; null where Azure does not let it be asked. */
  missingActions(resourceId: string, actions: readonly string[]): Promise<string[] | null>;
}

export type Resolution =
  | { readonly kind: 'resolved'; readonly chain: readonly string[]; readonly addresses: readonly string[] }
  | { readonly kind: 'no-such-name'; readonly chain: readonly string[] };

export type WebAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly chain: readonly string[];
    }
  | { readonly kind: 'failed'; readonly why: string; readonly chain: readonly string[] };

/** The public side: names as users resolve them, pages as users fetch them. Nothing is cached. */
export interface PublicWeb {
  resolve(name: string): Promise<Resolution>;
  get(url: string, timeoutMs: number): Promise<WebAnswer>;
}
