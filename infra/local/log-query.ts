/** A query that Logs Insights would refuse, or that the local run does not carry out; the message says which part. */
export class MalformedQuery extends Error {
  override readonly name = 'MalformedQuery';
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** `/aws/lambda/quotaline-dev-deals-api` */
  readonly group: string;
  readonly message: string;
}

export interface LogQuery {
  readonly fields: readonly string[];
  readonly matches: (line: LogLine) => boolean;
  readonly newestFirst: boolean;
  readonly limit: number;
}

const MOST = 10_000;
const FORM =
  'the local run answers: fields … | filter @message like "text" [and|or …] | sort @timestamp [asc|desc] | limit n';

const malformed = (part: string): MalformedQuery => new MalformedQuery(`${part}: ${FORM}`);

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/((?:[^/\\]|\\.)+)\/(i?)|([@\w.]+)|(\S))/gy;

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly expression: RegExp }
  | { readonly kind: 'word' | 'sign'; readonly text: string };

const tokensOf = (source: string): readonly Token[] =>
  [...source.trim().matchAll(TOKEN)].map(([, quoted, expression, flags, word, sign = '']): Token => {
    if (quoted !== undefined) return { kind: 'text', text: quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1') };
    if (expression !== undefined) return { kind: 'expression', expression: expressionOf(expression, flags) };
    return word === undefined ? { kind: 'sign', text: sign } : { kind: 'word', text: word };
  });

const expressionOf = (source: string, flags: string | undefined): RegExp => {
  try {
    return new RegExp(source, flags);
  } catch {
    throw malformed(`/${source}/ is no regular expression`);
  }
};

type Matches = LogQuery['matches'];

/** `not` binds closest, then `and`, then `or`; parentheses as usual. */
class Filter {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  parsed(): Matches {
    const matches = this.#either();
    if (this.#at < this.#tokens.length) throw this.#wrong();
    return matches;
  }

  #either(): Matches {
    const options = [this.#both()];
    while (this.#takes('or')) options.push(this.#both());
    return (line) => options.some((matches) => matches(line));
  }

  #both(): Matches {
    const parts = [this.#one()];
    while (this.#takes('and')) parts.push(this.#one());
    return (line) => parts.every((matches) => matches(line));
  }

  #one(): Matches {
    if (this.#takes('not')) {
      const matches = this.#one();
      return (line) => !matches(line);
    }
    if (this.#takes('(')) {
      const matches = this.#either();
      if (!this.#takes(')')) throw this.#wrong();
      return matches;
    }
    const field = this.#next();
    if (field?.kind !== 'word') throw this.#wrong();
    const compared = this.#comparison();
    if (compared !== undefined) return (line) => compared(valueOf(line, field.text) ?? '');
    const isNegated = this.#takes('not');
    if (!this.#takes('like')) throw this.#wrong();
    const found = this.#wanted();
    return (line) => found(valueOf(line, field.text) ?? '') !== isNegated;
  }

  #comparison(): ((value: string) => boolean) | undefined {
    const isOther = this.#takes('!');
    if (!this.#takes('=')) {
      if (isOther) throw this.#wrong();
      return undefined;
    }
    const wanted = this.#next();
    if (wanted?.kind !== 'text' && wanted?.kind !== 'word') throw this.#wrong();
    return (value) => (value === wanted.text) !== isOther;
  }

  #wanted(): (value: string) => boolean {
    const wanted = this.#next();
    if (wanted?.kind === 'text') return (value) => value.includes(wanted.text);
    if (wanted?.kind === 'expression') return (value) => wanted.expression.test(value);
    throw this.#wrong();
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at];
    const isIt =
      token !== undefined && 'text' in token && token.kind !== 'text' && token.text.toLowerCase() === text;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #wrong(): MalformedQuery {
    return malformed(`filter ${this.#source.trim()}`);
  }
}

/** Logs Insights writes times like `2026-11-24 00:57:40.767`, in UTC. */
const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const parsed = (message: string): unknown => {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
};

/** What a field of a line is: one of Logs' own, or one of the JSON object that the line is. */
export const valueOf = (line: LogLine, field: string): string | undefined => {
  switch (field) {
    case '@timestamp':
      return timeText(line.timestamp);
    case '@message':
      return line.message;
    case '@log':
      return `000000000000:${line.group}`;
    case '@logStream':
      return 'local';
  }
  const value = field
    .split('.')
    .reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), parsed(line.message));
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const fieldsOf = (list: string): readonly string[] =>
  list.split(',').map((field) => {
    const name = field.trim();
    if (!/^[@\w.]+$/.test(name)) throw malformed(`fields ${name}`);
    return name;
  });

/** `|` inside quotes and expressions belongs to them. */
const commandsOf = (query: string): readonly string[] =>
  [...query.matchAll(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/(?:[^/\\\n]|\\.)+\/|[^|])+/g)].map(
    ([command]) => command.trim(),
  );

/** Reads the form of query that a saved query of the stack has. Throws MalformedQuery for any other. */
export const parseLogQuery = (text: string): LogQuery => {
  let fields: readonly string[] = ['@timestamp', '@message'];
  const filters: Matches[] = [];
  let newestFirst = true;
  let limit = MOST;
  for (const command of commandsOf(text).filter((part) => part !== '')) {
    const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(command) ?? [];
    switch (name) {
      case 'fields':
      case 'display':
        fields = fieldsOf(rest);
        break;
      case 'filter':
        filters.push(new Filter(rest).parsed());
        break;
      case 'sort': {
        const order = /^@timestamp(?:\s+(asc|desc))?$/.exec(rest.trim());
        if (order === null) throw malformed(command);
        newestFirst = order[1] === 'desc';
        break;
      }
      case 'limit':
        limit = Number(rest);
        if (!(Number.isInteger(limit) && limit >= 1 && limit <= MOST))
          throw malformed(`limit takes 1 to ${String(MOST)}, not ${rest}`);
        break;
      default:
        throw malformed(command);
    }
  }
  return { fields, matches: (line) => filters.every((matches) => matches(line)), newestFirst, limit };
};
