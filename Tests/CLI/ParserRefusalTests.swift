import ArgumentParser
import Testing

@testable import provision

@Suite struct ParserRefusalTests {
    /// What a command line that the parser refuses gets.
    private func text(_ words: [String]) throws -> String {
        do { _ = try Provision.parseAsRoot(words) } catch {
            #expect(Provision.exitCode(for: error).rawValue == 64)
            return ParserRefusal(Provision.message(for: error), words).text
        }
        Issue.record("\(words) is taken")
        return ""
    }

    @Test(arguments: [
        (["plan"], "× missing expected argument '<inventory>'\n  try  provision plan --help"),
        (["plan", "--al", "i"], "× unknown option '--al'; did you mean '--all'?\n  try  provision plan --help"),
        (["init", "--controller", "10.0.0.999"], "--controller 10.0.0.999: not an IPv4 address"),
        (["certs", "forecast", "--at", "tomorrow", "i"], "write 2027-06-30 or 2027-06-30T12:00:00Z"),
    ])
    func `it has the form of every problem`(_ words: [String], _ wanted: String) throws {
        #expect(try text(words).contains(wanted))
        #expect(try text(words).hasPrefix("× "))
    }

    @Test(arguments: ["--dry-run", "--plan", "--check"])
    func `what apply would do is plan's`(_ option: String) throws {
        #expect(try text(["apply", option, "i"]).hasSuffix("\n  try  provision plan INVENTORY"))
    }

    @Test(arguments: [["kubeconfig"], ["etcd", "snapshot"]])
    func `where a file is written -o is no format`(_ verb: [String]) throws {
        #expect(try text(verb + ["-o", "json", "i"]).hasSuffix("\n  try  here a file is written: --output FILE"))
    }

    @Test func `a long option with one dash is no row of short ones`() throws {
        let text = try text(["plan", "-detailed-exitcode", "i"])
        #expect(text.contains("-detailed-exitcode: no such option; did you mean --detailed-exitcode?"))
    }
}
