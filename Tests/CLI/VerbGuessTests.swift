import Testing

@testable import provision

@Suite struct VerbGuessTests {
    @Test(arguments: [
        (["aply", "a.yaml"], "aply: no such verb; did you mean apply?"),
        (["certs", "lst", "a.yaml"], "lst: no such verb; did you mean list?"),
        (["lab", "stauts"], "stauts: no such verb; did you mean status?"),
    ])
    func `a mistyped verb gets the one that was meant`(_ words: [String], _ text: String) {
        #expect(VerbGuess.problem(words, in: Provision.self)?.contains(text) == true)
    }

    @Test(arguments: [["apply", "aply"], ["--help"], ["help", "aply"], ["inventory.yaml"], []])
    func `everything else is the parser's`(_ words: [String]) {
        #expect(VerbGuess.problem(words, in: Provision.self) == nil)
    }
}
