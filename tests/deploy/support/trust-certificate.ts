import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Lets every TLS connection of this process trust this certificate as well. */
export const trustCertificate = (file: string): void => {
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
};
