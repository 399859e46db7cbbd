import * as z from 'zod';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { ContactId } from '../../../shared/ids/id.ts';
import { ExternalIds } from '../domain/account.ts';
import { assertNamed, Contact, ContactDetails, contactIdOfExternal } from '../domain/contact.ts';
import { patched } from '../domain/patch.ts';
import type { SellingDeps } from '../selling-deps.ts';

export const ContactResource = Contact.omit({ deleted: true })
  .extend({ version: z.int() })
  .meta({ id: 'Contact' });
const params = z.object({ id: ContactId });

/** Contacts are changed as their account is: by whoever may change that; those of no account by everyone. */
const assertMayChange = async (
  { accounts, visibility }: SellingDeps,
  { accountId }: Pick<Contact, 'accountId'>,
): Promise<void> => {
  const account = accountId && (await accounts.find(accountId));
  if (account) await visibility.assertMayChangeAccount(account);
};

const createContact = route({
  method: 'POST',
  path: '/v1/contacts',
  scope: 'sales/deals.write',
  summary: 'Create a contact',
  description: 'An e-mail address is one contact’s on each account.',
  status: 201,
  idempotent: true,
  body: ContactDetails.partial().extend({
    externalIds: ExternalIds.default([]).describe(
      'Ids in other systems; the first one identifies the contact in imports.',
    ),
  }),
  example: {
    firstName: 'Livia',
    lastName: 'Serra',
    email: 'livia@osteria-blu.example',
    jobTitle: 'Head chef',
    role: 'decisionMaker',
  },
  response: ContactResource,
  async handle(request, deps: SellingDeps) {
    const { body } = request;
    const { contacts, references, clock } = deps;
    assertNamed(body);
    await references.check(body);
    await assertMayChange(deps, body);
    const [externalId] = body.externalIds;
    const id =
      externalId === undefined ? idOfNew(ContactId, request, clock) : contactIdOfExternal(externalId);
    const now = clock.now();
    return contacts.create({ ...body, id, deleted: false, createdAt: now, updatedAt: now }, request);
  },
});

const getContact = route({
  method: 'GET',
  path: '/v1/contacts/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a contact',
  params,
  response: ContactResource,
  handle: async ({ params: { id } }, { contacts }: SellingDeps) => contacts.get(id),
});

const { shape } = ContactDetails;

const changeContact = route({
  method: 'PATCH',
  path: '/v1/contacts/{id}',
  scope: 'sales/deals.write',
  summary: 'Change a contact',
  description: 'Null empties a field. Whoever moves it to another account must be allowed to change both.',
  params,
  body: z
    .strictObject({
      firstName: shape.firstName.nullable(),
      lastName: shape.lastName.nullable(),
      email: shape.email.nullable(),
      phone: shape.phone.nullable(),
      jobTitle: shape.jobTitle.nullable(),
      accountId: shape.accountId.nullable(),
      role: shape.role.nullable(),
      notes: shape.notes.nullable(),
      externalIds: ExternalIds,
    })
    .partial(),
  example: { jobTitle: 'Owner', role: 'decisionMaker' },
  response: ContactResource,
  async handle({ params: { id }, body, ifMatch }, deps: SellingDeps) {
    const { contacts, references, clock } = deps;
    const contact = await contacts.get(id);
    await assertMayChange(deps, contact);
    assertVersion(contact, ifMatch, `contact ${id}`);
    await references.check(body);
    const changed = patched(contact, body);
    assertNamed(changed);
    if (changed === contact) return contact;
    if (changed.accountId !== contact.accountId) await assertMayChange(deps, changed);
    return contacts.save({ ...changed, updatedAt: clock.now() }, contact);
  },
});

const eraseContact = route({
  method: 'DELETE',
  path: '/v1/contacts/{id}',
  scope: 'sales/deals.write',
  summary: 'Erase a contact',
  description:
    'Everything that says who it was is gone for good; deals that name it keep the bare id. Imports never bring it back.',
  status: 204,
  params,
  response: NoContent,
  async handle({ params: { id }, ifMatch }, deps: SellingDeps) {
    const contact = await deps.contacts.get(id);
    await assertMayChange(deps, contact);
    assertVersion(contact, ifMatch, `contact ${id}`);
    await deps.contacts.erase(contact, deps.clock.now());
  },
});

export const contactRoutes = [createContact, getContact, changeContact, eraseContact] as const;
