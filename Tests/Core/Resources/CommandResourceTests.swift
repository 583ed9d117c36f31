import ProvisionCore
import Testing

@Suite struct CommandResourceTests {
    private let resource = CommandResource(
        id: "swap",
        title: "swap is off",
        reason: "a test",
        check: "check",
        action: Action(kind: .update, title: "turn swap off", script: "swapoff -a")
    )

    @Test(arguments: [
        (0, "", "same: is so"), (0, "none", "same: none"),
        (1, "", "change: is not so -> turn swap off"),
        (1, "/dev/sda2 is on", "change: /dev/sda2 is on -> turn swap off"),
        (255, "no answer came", "change: no answer came -> turn swap off"),
    ])
    func `the status decides, the text says why`(_ status: Int, _ text: String, _ outline: String) {
        #expect(resource.outline(text, status: status) == outline)
    }
}
