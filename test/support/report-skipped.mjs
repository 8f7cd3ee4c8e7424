/** Says at the end which tests were skipped. The title of the test, or of the suite around it, has the reason. */
export default class ReportSkipped {
  onRunComplete(_contexts, { testResults }) {
    const counts = new Map();
    for (const { testResults: tests } of testResults) {
      for (const { status, title, ancestorTitles } of tests) {
        if (status !== 'pending') continue;
        const named = [...ancestorTitles, title].find((each) =>
          /\((?:skipped|not tested)|: not tested/.test(each),
        );
        const shown = named ?? title;
        counts.set(shown, (counts.get(shown) ?? 0) + 1);
      }
    }
    for (const [shown, count] of counts) {
      process.stderr.write(`Skipped${count === 1 ? '' : ` ${count} tests`}: ${shown}\n`);
    }
  }
}
