import ProvisionCore
import Testing

/// One slip gives one error, at the slip, with what to write instead.
@Suite struct InventoryHintTests {
    private static let controllers = "  controllers: [{name: controller-0, address: 10.0.0.2}]\n"
    private static let workers = "  workers: [{name: worker-0, address: 10.0.0.5}]\n"

    private static func problems(_ text: String) -> [InventoryProblem] {
        InventoryFixtures.problems("apiVersion: provision/v1\n" + text)
    }

    private static let hosts: [(String, String)] = [
        ("  controllers:\n    - 10.0.0.1\n" + workers, "write `- { name: controller-0, address: 10.0.0.1 }`"),
        (
            "  controllers: [a.example.org]\n" + workers,
            "write `- { name: a, address: a.example.org, internalAddress: A.B.C.D }`"
        ),
        (controllers + "  worker: [controller-0]\n", "did you mean `workers`?"),
        (controllers + "  nodes: [controller-0]\n", "did you mean `workers`?"),
        ("  controlers: [{name: a, address: 10.0.0.2}]\n" + workers, "did you mean `controllers`?"),
        ("  masters: [{name: a, address: 10.0.0.2}]\n" + workers, "did you mean `controllers`?"),
        ("  controllers: [{name: a, adress: 10.0.0.2}]\n  workers: [a]\n", "did you mean `address`?"),
        ("  controllers: [{name:a, address: 10.0.0.2}]\n" + workers, "write a space after `name:`"),
        ("  controllers:\n    -a\n    -b\n" + workers, "write a space after each `-`"),
    ]

    @Test(arguments: hosts)
    func `what follows from a slip is not reported too`(_ hosts: String, _ remedy: String) {
        #expect(Self.problems("hosts:\n" + hosts).map(\.remedy) == [remedy])
    }

    private static let keys: [(String, String)] = [
        ("kubernetes: 1.36.2", "`kubernetes` belongs under `versions:`"),
        ("workers: [a]", "`workers` belongs under `hosts:`"),
        ("cni: calico", "the CNI cannot be chosen: the bridge plugin and routes between hosts are used"),
        ("ssh: {passwordFile: a}", "`passwordFile` belongs under `sudo:`"),
        ("ssh: {podCIDR: 10.0.0.0/8}", "`podCIDR` belongs under `network:`"),
        ("network: {hosts: {}}", "`hosts` belongs at the top level"),
        ("ssh: {password: a}", "SSH has no password here: use identityFiles or an agent; for sudo: `sudo: ask`"),
        ("ssh: {privateKey: a}", "did you mean `identityFiles`?"),
    ]

    @Test(arguments: keys)
    func `a key is sent to where it belongs`(_ line: String, _ remedy: String) {
        let problems = Self.problems(line + "\nhosts:\n" + Self.controllers + Self.workers)
        #expect(problems.map(\.remedy) == [remedy])
        #expect(problems.map(\.code) == ["inventory.unknown-key"])
    }

    @Test func `valid keys are listed once`() {
        let problems = Self.problems("colour: a\nshape: b\nhosts:\n" + Self.controllers + Self.workers)
        #expect(problems.map { $0.remedy.hasPrefix("valid keys: apiVersion, name,") } == [true, false])
    }

    private static let values: [(String, String, String)] = [
        ("ssh: {port: \"22\"}", "`port` must be a whole number, and \"22\" is text", "remove the quotes"),
        (
            "features: {disableSwap: \"yes\"}", "`disableSwap` must be true or false, not \"yes\"",
            "write `true`, without quotes"
        ),
        (
            "features: {disableSwap: \"true\"}", "`disableSwap` must be true or false, and \"true\" is text",
            "remove the quotes"
        ),
        ("name:", "`name` has no value", "write a lower-case name such as `worker-0` (RFC 1123 label)"),
        (
            "versions: {kubernetes: 1.30}", "`1.30` is not a version such as `1.36.2`",
            "a patch is needed, such as `1.30.0`"
        ),
    ]

    @Test(arguments: values)
    func `a value of another type is shown as it is written`(_ line: String, _ message: String, _ remedy: String) {
        let problems = Self.problems(line + "\nhosts:\n" + Self.controllers + Self.workers)
        #expect(problems.map(\.message) == [message])
        #expect(problems.map(\.remedy) == [remedy])
    }

    @Test func `a number from the environment may stand in quotes`() throws {
        var context = InventoryFixtures.context
        context.environment["PORT"] = "2222"
        let text = "apiVersion: provision/v1\nssh: {port: \"${PORT}\"}\nhosts:\n" + Self.controllers + Self.workers
        let spec = try InventoryFixtures.decode(text, context: context).spec
        #expect(spec.hosts.map(\.ssh.port) == [2222, 2222])
    }
}
