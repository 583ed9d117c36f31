import ProvisionCore

/// etcd's members for programs: a versioned contract.
struct EtcdDocument: Encodable {
    struct Member: Encodable {
        let host: String
        let name: String
        /// Hexadecimal, as etcdctl writes it.
        let id: String?
        let endpoint: String
        let unit: String
        let started: Bool
        let healthy: Bool
        let leader: Bool
        let learner: Bool
        let version: String?
        let dbSizeBytes: Int?
        let dbSizeInUseBytes: Int?
        let raftTerm: UInt64?
        let raftIndex: UInt64?
        let raftAppliedIndex: UInt64?
        let revision: Int?
        let alarms: [String]
        /// Why it was not reached.
        let failure: String?

        init(_ member: EtcdMember) {
            host = member.host
            name = member.name
            id = member.status.map { String($0.id, radix: 16) }
            endpoint = member.endpoint
            unit = member.unit
            started = member.isStarted
            healthy = member.isHealthy
            leader = member.isLeader
            learner = member.status?.isLearner ?? false
            version = member.status?.version
            dbSizeBytes = member.status?.size
            dbSizeInUseBytes = member.status?.sizeInUse
            raftTerm = member.status?.term
            raftIndex = member.status?.index
            raftAppliedIndex = member.status?.appliedIndex
            revision = member.revision
            alarms = member.alarms
            failure = member.failure
        }
    }

    let schema = Version.schema
    let well: Bool
    let quorum: Bool
    let words: String
    let voters: Int
    let healthy: Int
    let majority: Int
    /// How many more may fail.
    let mayFail: Int
    let problems: [String]
    let members: [Member]

    init(_ overview: EtcdOverview) {
        well = overview.isWell
        quorum = overview.hasQuorum
        words = overview.words
        voters = overview.voters
        healthy = overview.healthy.count
        majority = overview.majority
        mayFail = overview.spare
        problems = overview.problems
        members = overview.members.map(Member.init)
    }
}
