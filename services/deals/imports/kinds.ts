import { importKind } from '../../../shared/imports/kind.ts';

/** What an import of accounts takes in. */
export const accountImport = importKind({
  kind: 'accounts',
  fields: {
    name: { required: true, description: 'name; without an externalId, the same name is the same account' },
    externalId: { description: 'id in the system that the file comes from' },
    id: { description: 'id of the account here, as exports have it: it must exist' },
    industry: { description: 'industry or sector' },
    segment: { description: 'segment, as in enterprise' },
    country: { description: 'country' },
    region: { description: 'region within the country' },
    postalCode: { description: 'postal code' },
    annualRevenue: { description: 'annual revenue in major units of the reporting currency' },
    domains: { description: 'host names of the company, separated by commas, as in rossi.example' },
    taxId: { description: 'VAT or tax number' },
    email: { description: 'the company’s own e-mail address' },
    owner: {
      description:
        'name, e-mail address or id of the member who owns the account; the territory rules say unless owner or territory is given',
    },
    territory: { description: 'name or id of the territory' },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'name,industry,country\nTrattoria Rossi,restaurants,US\n' },
});

/** What an import of products takes in. */
export const productImport = importKind({
  kind: 'products',
  fields: {
    name: { required: true, description: 'name' },
    sku: { description: 'SKU; the name unless given' },
    category: { description: 'category or series' },
    listPrice: { description: 'list price in major units of the currency' },
    currency: { description: 'currency of the list price; the request’s unless given' },
  },
  createMissing: [],
  currency: 'optional',
  example: { csv: 'name,sku,listPrice\nLasagne sheets,LAS-12,46.80\n', currency: 'USD' },
});

/** What an import of deals takes in. */
export const dealImport = importKind({
  kind: 'deals',
  fields: {
    externalId: { required: true, description: 'the deal’s id in the system that the file comes from' },
    name: { description: 'name; account and product unless given' },
    owner: { required: true, description: 'name, e-mail address or id of the member who owns the deal' },
    account: { description: 'name, external id or id of the account' },
    product: { description: 'name, SKU or id of the product that is sold' },
    pipeline: { description: 'name or id of the pipeline; the deal’s own, or the default, unless given' },
    stage: { required: true, description: 'won, lost, or a stage of the pipeline' },
    startedOn: { description: 'when work on it began: a day, as YYYY-MM-DD, or an instant' },
    closedOn: { description: 'when it was won or lost: a day, as YYYY-MM-DD, or an instant' },
    amount: { description: 'amount in major units of the currency; 0 where empty' },
    expectedCloseOn: { description: 'day on which it is expected to close, as YYYY-MM-DD' },
    lostReason: { description: 'why it was lost; other unless given' },
    source: { description: 'where the deal came from' },
    id: {
      description: 'id of the deal here, as exports have it: it must exist, and externalId may be empty',
    },
    currency: { description: 'currency of the amount; the request’s unless given' },
  },
  createMissing: ['accounts', 'products'],
  currency: 'required',
  example: {
    csv: 'opportunity,agent,account,stage,close_date,close_value\nO-17,Rosa Conti,Trattoria Rossi,Won,2026-11-20,1299\n',
    currency: 'USD',
    columns: {
      externalId: 'opportunity',
      owner: 'agent',
      account: 'account',
      stage: 'stage',
      closedOn: 'close_date',
      amount: 'close_value',
    },
    values: { stage: { Won: 'won' } },
    createMissing: ['accounts'],
  },
});

/** What an import of exchange rates takes in. */
export const fxRateImport = importKind({
  kind: 'fx-rates',
  fields: {
    day: { required: true, description: 'day of the rate, as YYYY-MM-DD' },
    currency: { required: true, description: 'currency, as EUR' },
    rate: {
      required: true,
      description: 'how many units of the reporting currency one unit buys, as a decimal such as 1.0832',
    },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'day,currency,rate\n2026-11-20,EUR,1.0832\n2026-11-20,GBP,1.2641\n' },
});

/** What an import of activities takes in. */
export const activityImport = importKind({
  kind: 'activities',
  fields: {
    id: {
      description: 'id of the activity here, as exports have it: it must exist, and externalId may be empty',
    },
    externalId: { required: true, description: 'the activity’s id in the system that the file comes from' },
    kind: { required: true, description: 'call, email, meeting, demo, note or task' },
    owner: { required: true, description: 'name, e-mail address or id of the member whose it is' },
    status: { description: 'planned or done; a task is planned and all else done unless given' },
    account: { description: 'name, external id or id of the account' },
    contact: { description: 'id of the contact' },
    lead: { description: 'id of the lead' },
    deal: { description: 'external id or id of the deal' },
    occurredAt: { description: 'day or instant at which it happened; now where empty' },
    dueOn: { description: 'day by which a task is to be done, as YYYY-MM-DD' },
    subjectLine: { description: 'what it is about, in a line' },
    notes: { description: 'notes' },
    outcome: { description: 'code of its outcome, as connected' },
    durationMinutes: { description: 'how long it took, in minutes' },
    nextStep: { description: 'next step' },
  },
  createMissing: [],
  currency: 'none',
  example: {
    csv: 'externalId,kind,owner,account,occurredAt,outcome\nA-1,call,Rosa Conti,Trattoria Rossi,2026-11-20,connected\n',
  },
});

/** What an import of traffic takes in. */
export const trafficImport = importKind({
  kind: 'traffic',
  fields: {
    store: { required: true, description: 'name or id of the store' },
    day: { required: true, description: 'day, as YYYY-MM-DD; told again, it is replaced' },
    sessions: { required: true, description: 'sessions' },
    visitors: { description: 'different visitors' },
    pageViews: { description: 'page views' },
    carts: { description: 'sessions that put something into the cart' },
    checkouts: { description: 'sessions that began to check out' },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'store,day,sessions\nPastaPro web shop,2026-11-20,1204\n' },
});

/** What an import of feedback takes in. */
export const feedbackImport = importKind({
  kind: 'feedback',
  fields: {
    id: { description: 'id of the answer here, as exports have it: it must exist' },
    kind: { required: true, description: 'csat or nps' },
    score: { required: true, description: 'score on the scale' },
    answeredAt: { required: true, description: 'day or instant of the answer' },
    scale: { description: 'csat: 1-5 unless given, 1-7, 1-10 or 0-100; nps: 0-10' },
    externalId: {
      description:
        'the answer’s id in the survey’s system; without it, it is known by kind, time, what it is about and comment',
    },
    account: { description: 'name, external id or id of the account' },
    deal: { description: 'external id or id of the deal' },
    order: { description: 'id of the order' },
    store: { description: 'name or id of the store' },
    comment: { description: 'what the customer wrote' },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'kind,score,answeredAt,account\nnps,9,2026-11-20,Trattoria Rossi\n' },
});

/** What an import of contacts takes in. */
export const contactImport = importKind({
  kind: 'contacts',
  fields: {
    id: { description: 'id of the contact here, as exports have it: it must exist' },
    externalId: { description: 'id in the system that the file comes from; the e-mail address unless given' },
    firstName: { description: 'first name' },
    lastName: { description: 'last name' },
    email: { description: 'e-mail address; one contact’s on each account' },
    phone: { description: 'phone number' },
    jobTitle: { description: 'job title' },
    account: { description: 'name, external id or id of the account' },
    role: { description: 'part in buying: decisionMaker, influencer, user or other' },
    notes: { description: 'notes' },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'lastName,email,jobTitle\nSerra,livia@osteria-blu.example,Owner\n' },
});

/** What an import of leads takes in. */
export const leadImport = importKind({
  kind: 'leads',
  fields: {
    id: { description: 'id of the lead here, as exports have it: it must exist' },
    externalId: { description: 'id in the system that the file comes from; the e-mail address unless given' },
    name: { description: 'name of the person' },
    company: { description: 'name of the company' },
    email: { description: 'e-mail address' },
    phone: { description: 'phone number' },
    jobTitle: { description: 'job title' },
    source: { description: 'where the lead came from' },
    country: { description: 'country' },
    region: { description: 'region within the country' },
    postalCode: { description: 'postal code' },
    industry: { description: 'industry or sector' },
    segment: { description: 'segment, as in enterprise' },
    annualRevenue: { description: 'annual revenue in major units of the reporting currency' },
    employees: { description: 'number of employees' },
    message: { description: 'what the person asked' },
    owner: {
      description:
        'name, e-mail address or id of the member whose it is; the territory rules say unless given',
    },
  },
  createMissing: [],
  currency: 'none',
  example: { csv: 'name,company,email,source\nLivia Serra,Osteria Blu,livia@osteria-blu.example,fair\n' },
});

/** What an import of orders takes in: one row a line, several rows an order. */
export const orderImport = importKind({
  kind: 'orders',
  fields: {
    id: {
      description:
        'id of the order here, as exports have it: its rows are known, and refused where they say anything else',
    },
    number: {
      required: true,
      description:
        'the order’s number; its rows may stand anywhere in the file. C and digits cancel the order of these digits',
    },
    store: { description: 'id or name of the store, of platform custom; the only one of these unless given' },
    sku: { description: 'SKU of what was ordered' },
    title: { description: 'what was ordered; the SKU unless given' },
    quantity: { required: true, description: 'how many; below zero for what is given back' },
    unitPrice: { required: true, description: 'price of one in major units of the currency, without tax' },
    discount: { description: 'taken off the line, in major units' },
    tax: { description: 'tax of the line in major units, on top' },
    date: {
      required: true,
      description:
        'when it was ordered or given back: a day, a time of the organization’s zone, or an instant',
    },
    paid: { description: 'yes, no, or when it was paid; when it was ordered unless given' },
    customer: { description: 'the customer’s id in the store' },
    customerEmail: { description: 'the customer’s e-mail address' },
    customerName: { description: 'the customer’s name' },
    account: { description: 'external id of the customer’s account' },
    deal: { description: 'external id of the deal that the order belongs to' },
    refundOf: { description: 'number of the order that the row gives back' },
  },
  createMissing: [],
  currency: 'required',
  example: {
    csv: 'invoice,item,quantity,price,date\n1001,LAS-12,10,46.80,2026-11-20\n1001,PEN-500,40,1.85,2026-11-20\nC1001,LAS-12,-1,46.80,2026-11-22\n',
    currency: 'USD',
    columns: { number: 'invoice', sku: 'item', quantity: 'quantity', unitPrice: 'price', date: 'date' },
  },
});

export type OrderField = keyof (typeof orderImport)['fields'];
export type AccountField = keyof (typeof accountImport)['fields'];
export type ProductField = keyof (typeof productImport)['fields'];
export type DealField = keyof (typeof dealImport)['fields'];
export type FxRateField = keyof (typeof fxRateImport)['fields'];
export type ActivityField = keyof (typeof activityImport)['fields'];
export type TrafficField = keyof (typeof trafficImport)['fields'];
export type FeedbackField = keyof (typeof feedbackImport)['fields'];
export type ContactField = keyof (typeof contactImport)['fields'];
export type LeadField = keyof (typeof leadImport)['fields'];
