import Testing

@testable import provision

@Suite struct VerbGuessTests {
    @Test(arguments: [
        (["aply", "a.yaml"], "aply: no such verb; did you mean apply?"),
        (["certs", "lst", "a.yaml"], "lst: no such verb; did you mean list?"),
        (["lab", "stauts"], "stauts: no such verb; did you mean status?"),
        (["stat", "a.yaml"], "stat: no such verb; did you mean status?"),
        (["ap"], "ap: no such verb; did you mean apply?"),
        (["st", "a.yaml"], "st: no such verb; did you mean start, status or stop?"),
        (["certs", "lst", "x"], "try  provision certs --help"),
        (["go", "a.yaml"], "go: no such verb\n  try  provision --help"),
        (["help", "aply"], "aply: no such verb; did you mean apply?"),
        (["help", "certs", "nope"], "nope: no such verb\n  try  provision certs --help"),
    ])
    func `a mistyped verb gets the one that was meant`(_ words: [String], _ text: String) {
        #expect(VerbGuess.problem(words, in: Provision.self)?.contains(text) == true)
    }

    @Test(arguments: [["apply", "aply"], ["--help"], ["help"], ["help", "certs", "list"], ["certs", "--help"], []])
    func `everything else is the parser's`(_ words: [String]) {
        #expect(VerbGuess.problem(words, in: Provision.self) == nil)
    }
}
