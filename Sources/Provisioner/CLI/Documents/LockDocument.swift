import ProvisionEngine

/// Who holds which host, for programs: a versioned contract.
struct LockDocument: Encodable {
    struct Owner: Encodable {
        let run: String
        let user: String
        let machine: String
        let process: Int32
        let verb: String
        /// RFC 3339, UTC.
        let since: String

        init(_ owner: HostLock.Owner) {
            run = owner.run
            user = owner.user
            machine = owner.machine
            process = owner.process
            verb = owner.verb
            since = owner.since
        }
    }

    struct Host: Encodable {
        let host: String
        let locked: Bool
        /// Who holds it; nothing where what lies in the lock cannot be read.
        let owner: Owner?

        init(_ host: String, _ answer: HostLock.Answer?) {
            self.host = host
            guard case .held(let holder)? = answer else {
                locked = false
                owner = nil
                return
            }
            locked = true
            owner = holder.map(Owner.init)
        }
    }

    let schema = Version.schema
    let cluster: String
    let hosts: [Host]
    /// Why a host did not say.
    let unreachable: [String: String]
}
