import ProvisionCore
import Testing

@Suite struct ServingQuestionTests {
    /// The status that an API server gives to whoever shows a certificate, and to whoever shows none.
    @Test(arguments: [
        ("200", "401", ServingQuestion.yes), ("401", "401", ServingQuestion.refusal),
        ("403", "401", ServingQuestion.refusal), ("000", "401", ServingQuestion.refusal),
        ("000", "403", ServingQuestion.refusal), ("500", "401", ""), ("000", "000", ""), ("", "", ""),
    ])
    func `an answer and a refusal are told apart, and whoever is not ready says nothing`(
        _ known: String,
        _ nobody: String,
        _ words: String
    ) throws {
        let curl = "curl() { case \"$*\" in *--cert*) printf '%s' '\(known)' ;; *) printf '%s' '\(nobody)' ;; esac; }"
        let script = "\(curl)\nset -e\n\(ServingQuestion.script)"
        let answer = try LocalShell.run(script)
        #expect(answer.status == 0 && answer.text == words)
    }

    @Test(arguments: [("true", ServingQuestion.leader), ("false", "")])
    func `etcd says whether it has a leader`(_ health: String, _ words: String) throws {
        let script = "curl() { printf '{\"health\":\"\(health)\"}'; }\nset -e\n\(ServingQuestion.leaderScript)"
        let answer = try LocalShell.run(script)
        #expect(answer.status == 0 && answer.text == words)
    }

    @Test func `whoever refuses serves only where etcd has a leader`() {
        let (yes, refusal, leader) = (ServingQuestion.yes, ServingQuestion.refusal, ServingQuestion.leader)
        #expect(ServingQuestion.serving(["c1": yes, "c0": "\(yes)\n", "e0": ""]) == "c0")
        #expect(ServingQuestion.serving(["c0": refusal, "e0": ""]) == nil)
        #expect(ServingQuestion.serving(["c0": refusal, "e0": leader]) == "c0")
        #expect(ServingQuestion.serving(["c0": "", "c1": "\(refusal)\n\(leader)"]) == "c1")
        #expect(ServingQuestion.serving(["c0": "", "e0": leader]) == nil)
    }

    @Test func `a certificate that cannot be read is as good as none`() throws {
        let curl = "curl() { case \"$*\" in *--cert*) printf 000; return 58 ;; *) printf 401 ;; esac; }"
        #expect(try LocalShell.run("\(curl)\nset -e\n\(ServingQuestion.script)").text == ServingQuestion.refusal)
    }
}
