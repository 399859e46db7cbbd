import { importKind } from '../../../shared/imports/kind.ts';

/** What an import of members takes in. */
export const memberImport = importKind({
  kind: 'members',
  fields: {
    id: { description: 'id of the member here, as exports have it: it must exist' },
    name: { required: true, description: 'full name' },
    email: { description: 'e-mail address; without one, a member neither signs in nor gets mail' },
    team: { description: 'name or id of the team' },
    territory: { description: 'name or id of the territory' },
    manager: { description: 'name, e-mail address or id of the team’s manager' },
    role: { description: 'admin, manager or rep; a new member is a rep unless it says otherwise' },
    startedOn: { description: 'first day, as YYYY-MM-DD' },
  },
  createMissing: ['teams', 'territories', 'members'],
  currency: 'none',
  example: {
    csv: 'name,email,team,manager\nRosa Conti,rosa@example.com,East,Marta Rinaldi\n',
    createMissing: ['teams', 'members'],
  },
});
export type MemberField = keyof (typeof memberImport)['fields'];
