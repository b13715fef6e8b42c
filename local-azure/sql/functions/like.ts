// LIKE: % _ [set] [^set], with an escape character.

const compiled = new Map<string, RegExp>();

export function isLike(value: string, pattern: string, escapeCharacter: string | null): boolean {
  const key = `${escapeCharacter ?? ''}\0${pattern}`;
  const expression = compiled.get(key) ?? new RegExp(likePattern(pattern, escapeCharacter, true), 'is');
  if (compiled.size > 500) compiled.clear();
  compiled.set(key, expression);
  return expression.test(value);
}

/** The pattern as a regular expression's source. */
export function likePattern(pattern: string, escapeCharacter: string | null, anchored: boolean): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === escapeCharacter && at + 1 < pattern.length) {
      at++;
      source += quote(pattern.charAt(at));
    } else if (character === '%') {
      source += '.*';
    } else if (character === '_') {
      source += '.';
    } else if (character === '[' && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      source += characterSet(pattern.slice(at + 1, end));
      at = end;
    } else {
      source += quote(character);
    }
  }
  return anchored ? `^${source}$` : source;
}

function characterSet(body: string): string {
  const negated = body.startsWith('^');
  const members = (negated ? body.slice(1) : body).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${members}]`;
}

function quote(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
}
