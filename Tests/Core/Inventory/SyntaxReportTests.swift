import ProvisionCore
import Testing

/// Syntax errors stand where the slip is, which is rarely where the parser stopped.
@Suite struct SyntaxReportTests {
    private static let slips: [(String, Int, Int, String)] = [
        ("name: \"abc\nhosts:\n  workers: [a]\n", 1, 7, "this quote is never closed"),
        ("name: \"abc\nssh: {user: \"b\"}\n", 1, 7, "this quote is closed only in line 2"),
        ("name: 'it''s\nhosts: {}\n", 1, 7, "this quote is never closed"),
        ("hosts:\n  controllers: [a, b\n  workers: [c]\n", 2, 16, "this [ is never closed"),
        ("hosts:\n  controllers: [{name: a, address: b]\n", 2, 17, "this { is never closed"),
        ("hosts: {\n", 1, 8, "this { is never closed"),
        ("hosts:\n  workers: [\n    {name: a}\n    {name: b}\n  ]\n", 4, 5, "a comma is missing before this"),
        ("name: a\nssh: {user: ${NOPE}}\n", 2, 13, "`${NAME}` stands between brackets without quotes"),
        ("apiVersion:provision/v1\nname: a\n", 1, 1, "no space after `apiVersion:`"),
        ("name:a\nhosts: {}\n", 1, 1, "no space after `name:`"),
        ("hosts:\n  workers:\n    -name: a\n     address: b\n", 3, 5, "no space after `-`"),
        ("hosts:\n  workers:\n    - name: b\n    -name: a\n", 4, 5, "no space after `-`"),
        ("hosts:\n  workers: *nope\n", 2, 12, "`*nope` refers to a value that has no such name before it"),
        ("name: a: b\n", 1, 8, "a second `: ` in one value"),
        ("name: @a\n", 1, 7, "no value begins with @"),
    ]

    @Test(arguments: slips)
    func `an error is at the slip`(_ text: String, _ line: Int, _ column: Int, _ meaning: String) {
        let problems = InventoryFixtures.problems(text)
        #expect(problems.map(\.code) == ["inventory.syntax"])
        #expect(problems.map(\.message) == ["not valid YAML: " + meaning])
        #expect(problems.map { [$0.line, $0.column] } == [[line, column]])
    }

    @Test(arguments: [
        ("${NOPE}", "${NOPE}"), ("10.0.${N}.1", "10.0.${N}.1"), ("ops@${HOST}", "ops@${HOST}"),
    ])
    func `the fix for an environment value is the whole value in quotes`(_ value: String, _ quoted: String) {
        let problems = InventoryFixtures.problems("ssh: {user: \(value), port: 22}\n")
        #expect(problems.map(\.remedy) == ["inside { } and [ ] write it in quotes: \"\(quoted)\""])
    }
}
