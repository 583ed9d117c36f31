import Testing

@testable import Templates

@Suite struct CountedTests {
    @Test(arguments: [(0, "0 changes"), (1, "1 change"), (2, "2 changes"), (-1, "-1 changes"), (11, "11 changes")])
    func `only one is one`(_ count: Int, _ text: String) { #expect(counted(count, "change") == text) }

    @Test func `what does not take an s is given`() {
        #expect(counted(1, "leaf", "leaves") == "1 leaf")
        #expect(counted(Int64(3), "leaf", "leaves") == "3 leaves")
        #expect(counted(1, "thing is", "things are") == "1 thing is")
        #expect(counted(0, "thing is", "things are") == "0 things are")
    }
}
