/**
 * Every element carries its light colours inline, for clients that know no style sheets; those that do, and prefer dark,
 * take the dark ones by class. Outlook for Windows renders neither radius nor shadow: nothing rests on them.
 */
export const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
export const ink = 'color:#1b2330;';
export const muted = 'color:#566172;';

export const tones = {
  reached: { fill: '#1a7f4b', pale: '#e3f4ea', dark: '#7fd6a3', darkPale: '#123524' },
  reverted: { fill: '#b45309', pale: '#fdf0dd', dark: '#f4b566', darkPale: '#3a2609' },
} as const;

export const paceColours = {
  ahead: '#1a7f4b',
  onTrack: '#1a7f4b',
  atRisk: '#b45309',
  behind: '#b42318',
  none: '#566172',
} as const;

export const sheet = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; -webkit-text-size-adjust: 100%; }
@media (max-width: 480px) {
  .card { padding: 20px 18px !important; }
  .value { font-size: 30px !important; line-height: 36px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #11151b !important; }
  .card { background-color: #1b212a !important; border-color: #313a46 !important; }
  .ink { color: #eef1f5 !important; }
  .muted { color: #a8b3c1 !important; }
  .line { border-color: #313a46 !important; }
  .rest { background-color: #313a46 !important; }
  .open { background-color: #1b212a !important; border-color: #4a5564 !important; color: #a8b3c1 !important; }
  .reached { background-color: ${tones.reached.darkPale} !important; border-color: ${tones.reached.darkPale} !important; color: ${tones.reached.dark} !important; }
  .lost { background-color: ${tones.reverted.darkPale} !important; border-color: ${tones.reverted.dark} !important; color: ${tones.reverted.dark} !important; }
  .tone-reached, .pace-ahead, .pace-onTrack { color: ${tones.reached.dark} !important; }
  .tone-reverted, .pace-atRisk { color: ${tones.reverted.dark} !important; }
  .pace-behind { color: #f49a92 !important; }
}
`;
