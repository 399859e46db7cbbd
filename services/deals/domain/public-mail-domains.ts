/**
 * Mail services that anyone may have an address at: sharing one says nothing. Names with a star stand for every country's
 * ending.
 */
const services = [
  'gmail.com googlemail.com outlook.* hotmail.* live.* msn.com yahoo.* ymail.com rocketmail.com icloud.com me.com mac.com',
  'aol.* aim.com gmx.* web.de t-online.de freenet.de arcor.de mail.com email.com usa.com proton.me protonmail.com pm.me',
  'zoho.com fastmail.com fastmail.fm hey.com tutanota.com tuta.io hushmail.com mail.ru inbox.ru list.ru bk.ru yandex.*',
  'rambler.ru qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com naver.com daum.net hanmail.net',
  'docomo.ne.jp ezweb.ne.jp softbank.ne.jp rediffmail.com libero.it virgilio.it alice.it tin.it tiscali.it fastwebnet.it',
  'orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr btinternet.com sky.com talktalk.net virginmedia.com',
  'ntlworld.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net juno.com',
  'shaw.ca rogers.com sympatico.ca bigpond.com optusnet.com.au xtra.co.nz uol.com.br bol.com.br terra.com.br ig.com.br',
  'ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl telenet.be skynet.be bluewin.ch hispeed.ch seznam.cz centrum.cz wp.pl',
  'o2.pl onet.pl interia.pl abv.bg ukr.net mailinator.com guerrillamail.com privaterelay.appleid.com',
].flatMap((line) => line.split(' '));

const whole = new Set(services.filter((name) => !name.endsWith('.*')));
const anyEnding = new Set(services.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2)));

/** Whether the domain, in lower case, is one of a mail service for everyone. */
export const isPublicMailDomain = (domain: string): boolean => {
  if (whole.has(domain)) return true;
  const [name = '', ...ending] = domain.split('.');
  // outlook.fr and yahoo.co.uk, but not yahoo.example.com: a country's ending is short.
  return anyEnding.has(name) && ending.length <= 2 && ending.every((label) => label.length <= 3);
};
