import Dispatch
import Glibc
import ProvisionCore
import Synchronization

/// A host name's addresses, in bounded time: getaddrinfo(3) itself may take half a minute.
struct NameLookup {
    /// One address to try.
    struct Address: Sendable {
        let family: Int32
        let bytes: [UInt8]
    }

    private enum Answer: Sendable {
        case addresses([Address])
        case failure(Int32)
    }

    /// Asks the resolver on a thread of its own, which is left behind when the time is over.
    static func addresses(of name: String, port: UInt16, until deadline: Deadline) -> Result<[Address], LookupFailure> {
        let box = Box()
        DispatchQueue(label: "provision.resolver").async {
            let found = resolve(name, port)
            box.answer.withLock { $0 = found }
            box.done.signal()
        }
        while box.done.wait(timeout: .now() + .milliseconds(Int(deadline.pollMilliseconds))) == .timedOut {
            if deadline.hasPassed || Task.isCancelled { return .failure(LookupFailure(text: "no answer in time")) }
        }
        switch box.answer.withLock(\.self) {
        case .addresses(let addresses): return .success(addresses)
        case .failure(let code): return .failure(LookupFailure(text: String(cString: gai_strerror(code))))
        case nil: return .failure(LookupFailure(text: "no answer"))
        }
    }

    struct LookupFailure: Error { let text: String }

    private final class Box: Sendable {
        let answer = Mutex<Answer?>(nil)
        let done = DispatchSemaphore(value: 0)
    }

    private static func resolve(_ name: String, _ port: UInt16) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, String(port), &hints, &list)
        guard code == 0 else { return .failure(code) }
        defer { freeaddrinfo(list) }
        var addresses: [Address] = []
        var next = list
        while let info = next {
            let bytes = UnsafeRawBufferPointer(start: info.pointee.ai_addr, count: Int(info.pointee.ai_addrlen))
            addresses.append(Address(family: info.pointee.ai_family, bytes: Array(bytes)))
            next = info.pointee.ai_next
        }
        return .addresses(addresses)
    }
}
