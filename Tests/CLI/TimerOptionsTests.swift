import Foundation
import Testing

@testable import provision

@Suite struct TimerOptionsTests {
    @Test func `a timer is given what its inventory asks for, and no more of the shell`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("timer-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("hosts: [{address: \"${LB}\"}, {address: \"10.0.0.${LAST}\"}]\n".utf8)
            .write(to: URL(fileURLWithPath: path))
        let shell = ["LB": "192.0.2.8", "LAST": "", "TOKEN": "t", "XDG_STATE_HOME": "/srv/state"]
        #expect(TimerOptions.environment(of: path, shell) == ["LB": "192.0.2.8", "XDG_STATE_HOME": "/srv/state"])
        #expect(TimerOptions.environment(of: path + ".none", shell) == ["XDG_STATE_HOME": "/srv/state"])
    }
}
