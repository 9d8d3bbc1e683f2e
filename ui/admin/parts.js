/**
 * The settings parts in the order of use, as data: each field's kind, name in the body and default.
 * `door`: the field stands at that door only. `when`: only while another field has that value.
 * `optional`: where it is empty, nothing is sent of it.
 */

const CLOUDS = ['global', 'usgov', 'usgov-dod', 'china'];
const OBJECTS = ['users', 'groups', 'devices', 'managed_devices', 'departments', 'locations', 'applications'];
const OBJECTS_FROM_THE_START = { users: true, groups: true, devices: true };
const WITH_API_TOKEN = { name: 'mode', value: 'api_token' };
const OWNER_RULES_FROM_THE_START = [
  { object_type: '*', attribute: 'Owner', match: 'account' },
  { object_type: '*', attribute: 'Assigned To', match: 'person' },
];

const PARTS = [
  {
    name: 'assets-access',
    unset: 'missing',
    checks: true,
    fields: [
      { kind: 'fixed', name: 'mode', initial: 'api_token', door: 'connect' },
      { kind: 'radio', name: 'mode', options: ['app', 'api_token'], initial: 'app', door: 'forge' },
      { kind: 'text', name: 'email', type: 'email', needed: true, when: WITH_API_TOKEN },
      { kind: 'secret', name: 'api_token', needed: true, when: WITH_API_TOKEN },
    ],
  },
  {
    name: 'entra',
    unset: 'missing',
    checks: true,
    fields: [
      { kind: 'text', name: 'tenant_id', needed: true },
      { kind: 'text', name: 'client_id', needed: true },
      { kind: 'secret', name: 'client_secret', needed: true },
      { kind: 'text', name: 'secret_expires_on', type: 'date' },
      { kind: 'select', name: 'cloud', options: CLOUDS, initial: 'global' },
    ],
  },
  {
    name: 'import',
    unset: 'missing',
    checks: true,
    fields: [
      { kind: 'secret', name: 'container_token', needed: true, door: 'connect' },
      { kind: 'text', name: 'import_source_id', needed: true, door: 'forge' },
      { kind: 'text', name: 'workspace_id', needed: true, door: 'forge' },
      { kind: 'checks', name: 'objects', options: OBJECTS, initial: OBJECTS_FROM_THE_START },
      { kind: 'check', name: 'filter.enabled_only', initial: false },
      { kind: 'check', name: 'filter.include_guests', initial: false },
      { kind: 'lines', name: 'filter.groups', initial: [] },
      { kind: 'lines', name: 'memberships', initial: [] },
      { kind: 'lines', name: 'restricted_people', initial: [], optional: true },
      { kind: 'radio', name: 'leavers', options: ['keep', 'mark', 'delete'], initial: 'keep' },
      { kind: 'number', name: 'brake.percent', initial: 10, min: 0, max: 100 },
      { kind: 'number', name: 'brake.count', initial: 500, min: 0, max: 1000000 },
      { kind: 'number', name: 'object_allowance', initial: '', min: 1, max: 100000000 },
      { kind: 'number', name: 'link_accounts.people_an_hour', initial: '', min: 1, max: 100000 },
      { kind: 'radio', name: 'missing_objects', options: ['unknown', 'ignore', 'remove'], initial: 'unknown' },
      { kind: 'schedule', name: 'schedule', initial: null },
    ],
  },
  {
    name: 'consent',
    unset: 'missing',
    gives: 'entra_import',
    fields: [
      { kind: 'check', name: 'entra_import', initial: false },
      { kind: 'check', name: 'metrics', initial: false },
    ],
  },
  {
    name: 'visibility',
    unset: 'default',
    checks: true,
    fields: [
      { kind: 'radio', name: 'access.mode', options: ['restrict', 'allow'], initial: 'restrict' },
      { kind: 'picker', name: 'access.groups', of: 'groups', initial: [] },
      { kind: 'check', name: 'access.customers', initial: true },
      { kind: 'picker', name: 'hidden_schemas', of: 'schemas', initial: [] },
      { kind: 'picker', name: 'hidden_object_types', of: 'object_types', initial: [] },
      { kind: 'columns', name: 'columns', initial: {} },
      { kind: 'rules', name: 'owner_rules', initial: OWNER_RULES_FROM_THE_START },
    ],
  },
  {
    name: 'requests',
    unset: 'off',
    checks: true,
    fields: [
      { kind: 'choice', name: 'service_desk_id', of: 'service_desks', needed: true },
      { kind: 'choice', name: 'request_type_id', of: 'request_types', within: ['service_desk_id'], needed: true },
      { kind: 'choice', name: 'asset_field_id', of: 'request_fields', within: ['service_desk_id', 'request_type_id'] },
    ],
  },
  {
    name: 'encryption-string',
    unset: 'random',
    whenSet: 'own',
    fields: [{ kind: 'secret', name: 'encryption_string', needed: true }],
  },
];

/** The parts as they are at a door, `connect` or `forge`. */
export const partsOf = (door) => PARTS.map((part) => ({ ...part, door, fields: part.fields.filter((field) => (field.door ?? door) === door) }));
