/** A code that servicing fails with, by its own name and in a sentence for a person. */
export interface KnownCode {
  readonly name: string;
  readonly sentence: string;
}

/**
 * HRESULTs of servicing that are worth a sentence. Sources: winerror.h and cbsapi names as CBS.log writes them beside
 * the codes, "Windows Update error codes by component" and "Fix Windows Update corruptions" on learn.microsoft.com.
 */
const hresults: Readonly<Record<string, KnownCode>> = {
  '0x80004005': { name: 'E_FAIL', sentence: 'Servicing failed without saying why.' },
  '0x80070002': { name: 'ERROR_FILE_NOT_FOUND', sentence: 'A file that servicing needs is missing.' },
  '0x80070003': { name: 'ERROR_PATH_NOT_FOUND', sentence: 'A folder that servicing needs is missing.' },
  '0x80070005': { name: 'E_ACCESSDENIED', sentence: 'Servicing was denied access to a file or key.' },
  '0x8007000d': { name: 'ERROR_INVALID_DATA', sentence: 'A file of the component store is damaged.' },
  '0x8007000e': { name: 'E_OUTOFMEMORY', sentence: 'Servicing ran out of memory.' },
  '0x80070020': { name: 'ERROR_SHARING_VIOLATION', sentence: 'A file was held open by another program.' },
  '0x80070057': { name: 'E_INVALIDARG', sentence: 'Servicing met a value it does not accept.' },
  '0x80070070': { name: 'ERROR_DISK_FULL', sentence: 'The disk is full.' },
  '0x800703f1': { name: 'ERROR_BADDB', sentence: 'The registry is damaged.' },
  '0x80070422': { name: 'ERROR_SERVICE_DISABLED', sentence: 'A service that servicing needs is disabled.' },
  '0x8007045b': { name: 'ERROR_SHUTDOWN_IN_PROGRESS', sentence: 'The machine shut down during servicing.' },
  '0x80070490': { name: 'ERROR_NOT_FOUND', sentence: 'An entry of the component store is missing.' },
  '0x80070570': { name: 'ERROR_FILE_CORRUPT', sentence: 'A file or folder on the disk is damaged.' },
  '0x80070643': { name: 'ERROR_INSTALL_FAILURE', sentence: 'The installer of the update failed.' },
  '0x800706be': { name: 'RPC_S_CALL_FAILED', sentence: 'A servicing process ended unexpectedly.' },
  '0x80070bc9': {
    name: 'ERROR_FAIL_REBOOT_REQUIRED',
    sentence: 'An earlier change waits for a restart; nothing else can be installed before.',
  },
  '0x800719e4': { name: 'ERROR_LOG_FULL', sentence: 'The transaction log of the registry is full.' },
  '0x800736b3': { name: 'ERROR_SXS_ASSEMBLY_NOT_FOUND', sentence: 'A component is missing from the store.' },
  '0x800736cc': { name: 'ERROR_SXS_FILE_HASH_MISMATCH', sentence: 'A file does not match its manifest.' },
  '0x80073701': {
    name: 'ERROR_SXS_ASSEMBLY_MISSING',
    sentence: 'A component that the update builds on is missing from the store.',
  },
  '0x80073712': {
    name: 'ERROR_SXS_COMPONENT_STORE_CORRUPT',
    sentence: 'The component store is damaged.',
  },
  '0x8007371b': {
    name: 'ERROR_SXS_TRANSACTION_CLOSURE_INCOMPLETE',
    sentence: 'Parts of a component that belong together are missing.',
  },
  '0x800b0109': { name: 'CERT_E_UNTRUSTEDROOT', sentence: 'A signature ends in a root that is not trusted.' },
  '0x800f0805': { name: 'CBS_E_INVALID_PACKAGE', sentence: 'The package is no valid Windows package.' },
  '0x800f081e': { name: 'CBS_E_NOT_APPLICABLE', sentence: 'The package is not for this Windows.' },
  '0x800f081f': {
    name: 'CBS_E_SOURCE_MISSING',
    sentence: 'The files for the repair were not found; a source is needed.',
  },
  '0x800f0820': { name: 'CBS_E_CANCEL', sentence: 'The operation was cancelled.' },
  '0x800f0823': {
    name: 'CBS_E_NEW_SERVICING_STACK_REQUIRED',
    sentence: 'A newer servicing stack has to be installed first.',
  },
  '0x800f0831': {
    name: 'CBS_E_STORE_CORRUPTION',
    sentence: 'The component store misses files of an earlier update.',
  },
  '0x800f0900': { name: 'CBS_E_XML_PARSER_FAILURE', sentence: 'The manifest of a package is damaged.' },
  '0x800f0906': {
    name: 'CBS_E_DOWNLOAD_FAILURE',
    sentence: 'The files for the repair could not be downloaded.',
  },
  '0x800f0920': { name: 'CBS_E_HANG_DETECTED', sentence: 'Servicing made no progress and was stopped.' },
  '0x800f0922': {
    name: 'CBS_E_INSTALLERS_FAILED',
    sentence: 'A step of the update failed; often the system or recovery partition is too small.',
  },
  '0x800f0954': {
    name: 'CBS_E_INVALID_WINDOWS_UPDATE_COUNT_WSUS',
    sentence: 'The update server of the organization does not have the files.',
  },
  '0x800f0982': {
    name: 'PSFX_E_MATCHING_COMPONENT_NOT_FOUND',
    sentence: 'The component that the update changes was not found.',
  },
  '0x800f0983': {
    name: 'PSFX_E_MATCHING_COMPONENT_DIRECTORY_MISSING',
    sentence: 'The folder of the component that the update changes is missing.',
  },
  '0x800f0984': {
    name: 'PSFX_E_MATCHING_BINARY_MISSING',
    sentence: 'The file that the update changes is missing from the store.',
  },
  '0x800f0985': {
    name: 'PSFX_E_APPLY_REVERSE_DELTA_FAILED',
    sentence: 'The original of a file could not be made again from the store.',
  },
  '0x800f0986': {
    name: 'PSFX_E_APPLY_FORWARD_DELTA_FAILED',
    sentence: 'A file in the store is not the one that the update changes.',
  },
  '0x800f0988': {
    name: 'PSFX_E_INVALID_DELTA_COMBINATION',
    sentence: 'Leftovers of earlier updates have to be cleaned up first.',
  },
  '0x800f0991': { name: 'PSFX_E_MISSING_PAYLOAD_FILE', sentence: 'The update itself misses a file.' },
};

/** NTSTATUS codes that renaming and deleting files at a start ends in. Source: ntstatus.h. */
const statuses: Readonly<Record<string, KnownCode>> = {
  '0xc0000022': { name: 'STATUS_ACCESS_DENIED', sentence: 'Access to the file was denied.' },
  '0xc0000032': { name: 'STATUS_DISK_CORRUPT_ERROR', sentence: 'The file system is damaged.' },
  '0xc0000034': { name: 'STATUS_OBJECT_NAME_NOT_FOUND', sentence: 'The file was already gone.' },
  '0xc0000035': { name: 'STATUS_OBJECT_NAME_COLLISION', sentence: 'A file with the new name exists.' },
  '0xc000003a': { name: 'STATUS_OBJECT_PATH_NOT_FOUND', sentence: 'The folder was already gone.' },
  '0xc0000043': { name: 'STATUS_SHARING_VIOLATION', sentence: 'The file was held open.' },
  '0xc0000056': { name: 'STATUS_DELETE_PENDING', sentence: 'The file is being deleted already.' },
  '0xc000007f': { name: 'STATUS_DISK_FULL', sentence: 'The disk is full.' },
  '0xc00000d4': { name: 'STATUS_NOT_SAME_DEVICE', sentence: 'The new name is on another volume.' },
  '0xc0000101': { name: 'STATUS_DIRECTORY_NOT_EMPTY', sentence: 'The folder was not empty.' },
  '0xc0000102': { name: 'STATUS_FILE_CORRUPT_ERROR', sentence: 'The file is damaged on the disk.' },
  '0xc0000121': { name: 'STATUS_CANNOT_DELETE', sentence: 'The file cannot be deleted.' },
};

/** What is known of an HRESULT or NTSTATUS written as `0x` and hex digits; undefined for all others. */
export function findKnownCode(code: string): KnownCode | undefined {
  const key = code.toLowerCase();
  if (Object.hasOwn(hresults, key)) return hresults[key];
  return Object.hasOwn(statuses, key) ? statuses[key] : undefined;
}
