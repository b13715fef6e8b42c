// Addresses of Azure Storage with a shared access signature: whoever has the signature may read what lies there.

/** Quotes and blanks end an address that stands in a longer text. */
const SIGNATURE = /([?&]sig=)([^&#\s"']+)/gi;

/** The secret in every form in which it may be seen later: as written, decoded, and encoded again. */
export function signaturesIn(text: string): string[] {
  const forms = [...text.matchAll(SIGNATURE)].flatMap(([, , written = '']) => {
    const decoded = new URLSearchParams(`sig=${written.replaceAll('+', '%2B')}`).get('sig') ?? '';
    return [written, decoded, encodeURIComponent(decoded)];
  });
  return [...new Set(forms)];
}

/** For messages: the text with every signature left out. */
export function withoutSignatures(text: string): string {
  return text.replaceAll(SIGNATURE, '$1…');
}
