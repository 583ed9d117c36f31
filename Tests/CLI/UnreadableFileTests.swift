import Foundation
import Testing

@testable import provision

/// Paths that lead to nothing readable are told apart, and no remedy writes over what they name.
@Suite struct UnreadableFileTests {
    private static let paths = [
        ("-", "standard input is not read", "give a file"),
        ("", "the inventory's path is empty", "give its file; a shell variable may be unset"),
        (
            "/nowhere/such.yaml", "there is no such file",
            "check the path; a new inventory: provision init > inventory.yaml"
        ),
        ("/", "it is a directory", "give the inventory's file"),
    ]

    @Test(arguments: paths)
    func `the reason and the remedy fit the path`(_ path: String, _ reason: String, _ remedy: String) {
        #expect(UnreadableFile.contents(path) == nil)
        let file = UnreadableFile(path, .inventory)
        #expect(file.reason == reason && file.remedy == remedy)
        #expect(file.subject == (path.isEmpty ? "inventory" : path))
    }

    @Test func `a playbook that is not there is said to be so, and where playbooks lie`() {
        guard case .failure(let problems) = LoadedPlaybook.load("/nowhere/such.yaml") else {
            Issue.record("it was read")
            return
        }
        #expect(problems.description.contains("cannot be read: there is no such file"))
        #expect(problems.description.contains("folder playbooks/"))
    }

    @Test func `an inventory in the place of a playbook is told`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "inventory-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let text = "apiVersion: provision/v1\nhosts:\n  controllers: [{name: a, address: 10.0.0.1}]\n"
        try text.write(to: file, atomically: true, encoding: .utf8)
        guard case .failure(let problems) = LoadedPlaybook.load(file.path) else {
            Issue.record("it was taken for a playbook")
            return
        }
        #expect(problems.description.contains("this is an inventory, not a playbook [playbook.foreign]"))
        #expect(problems.description.contains("the order is `provision run PLAYBOOK INVENTORY`"))
        #expect(problems.description.contains("1 error;"))
    }
}
