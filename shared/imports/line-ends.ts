const CR = 13;
const LF = 10;

/**
 * Every kind of line end as `\n`, so that lines are counted alike wherever a file was written; and the way back, from a
 * byte of what came out to the byte of the file that it was.
 */
export class LineEnds {
  /** A `\r` whose other half may come with the next chunk. */
  #heldReturn = false;
  #written = 0;
  /** Where in the output a byte was left out, in order; those before `#settled` have been counted. */
  #leftOut: number[] = [];
  #settled = 0;
  #leftOutBefore = 0;

  /** How many bytes have come out. */
  get written(): number {
    return this.#written;
  }

  take(chunk: Buffer): Buffer {
    const input = this.#heldReturn ? Buffer.concat([Buffer.from([CR]), chunk]) : chunk;
    this.#heldReturn = input.at(-1) === CR;
    const end = input.length - (this.#heldReturn ? 1 : 0);
    let at = input.indexOf(CR);
    if (at === -1 || at >= end) return this.#out(input.subarray(0, end));
    const output = Buffer.allocUnsafe(end);
    let length = 0;
    let from = 0;
    while (at !== -1 && at < end) {
      length += input.copy(output, length, from, at);
      output[length] = LF;
      length += 1;
      const isPair = input[at + 1] === LF;
      if (isPair) this.#leftOut.push(this.#written + length);
      from = at + (isPair ? 2 : 1);
      at = input.indexOf(CR, from);
    }
    length += input.copy(output, length, from, end);
    return this.#out(output.subarray(0, length));
  }

  /** What is left when the file is at its end. */
  end(): Buffer {
    return this.#out(Buffer.from(this.#heldReturn ? [LF] : []));
  }

  /** The byte of the input that the byte `at` of the output comes from. To be asked in rising order. */
  inputByte(at: number): number {
    for (let next = this.#leftOut[this.#settled]; next !== undefined && next <= at;) {
      this.#settled += 1;
      next = this.#leftOut[this.#settled];
    }
    const passed = this.#leftOutBefore + this.#settled;
    if (this.#settled > 10_000) {
      this.#leftOut = this.#leftOut.slice(this.#settled);
      this.#leftOutBefore = passed;
      this.#settled = 0;
    }
    return at + passed;
  }

  #out(chunk: Buffer): Buffer {
    this.#written += chunk.length;
    return chunk;
  }
}
