/**
 * Returns the files that a person picked, as the server takes them.
 * @param {FileList | null} picked
 * @returns {Promise<{ name: string, base64: string }[]>}
 */
export function readPicked(picked) {
  return Promise.all(
    [...(picked ?? [])].map(async (file) => ({ name: file.name, base64: await base64(file) })),
  );
}

/** @param {File} file @returns {Promise<string>} */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    // After the comma of a data URL. An empty file has none.
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.readAsDataURL(file);
  });
}
