/** The stack could not be synthesized; the message is what the app said. */
export class SynthFailed extends Error {
  override readonly name = 'SynthFailed';
}
