import ProvisionCore
import Templates

/// One slip put into a plan that is right.
extension Plan {
    /// Replaces the bytes of a file; the text must hold what is replaced.
    func editing(_ host: String, _ path: String, _ old: String, _ new: String) -> Plan {
        replacing(host, FileResource.id(path: path)) { resource in
            guard var file = (resource as? FileResource)?.file, file.text.contains(old) else { return resource }
            file.content = Array(file.text.replacing(old, with: new).utf8)
            return FileResource(file, reason: "edited")
        }
    }

    /// Puts another file's bytes there.
    func copying(_ source: (host: String, path: String), to host: String, _ path: String) -> Plan {
        let bytes = file(source.host, source.path)?.content ?? []
        return replacing(host, FileResource.id(path: path)) { resource in
            guard var file = (resource as? FileResource)?.file else { return resource }
            file.content = bytes
            return FileResource(file, reason: "edited")
        }
    }

    func setting(_ host: String, _ path: String, mode: UInt16, owner: String = "root") -> Plan {
        replacing(host, FileResource.id(path: path)) { resource in
            guard var file = (resource as? FileResource)?.file else { return resource }
            file.mode = mode
            file.owner = owner
            file.group = owner
            return FileResource(file, reason: "edited")
        }
    }

    func dropping(_ host: String, _ id: String) -> Plan { replacing(host, id) { _ in nil } }

    /// Moves a resource to the end of its lane.
    func delaying(_ host: String, _ id: String) -> Plan {
        var plan = dropping(host, id)
        guard let resource = lanes.flatMap(\.resources).first(where: { $0.id == id }),
            let lane = plan.lanes.firstIndex(where: { $0.host.name == host })
        else { return self }
        plan.lanes[lane].stages.append(Stage("late", resources: [resource]))
        return plan
    }

    func file(_ host: String, _ path: String) -> RenderedFile? {
        let resources = lanes.first { $0.host.name == host }?.resources ?? []
        return resources.compactMap { ($0 as? FileResource)?.file }.first { $0.path == path }
    }

    /// Without a replacement the resource is left out.
    func replacing(_ host: String, _ id: String, _ change: (any Resource) -> (any Resource)?) -> Plan {
        var plan = self
        for lane in plan.lanes.indices where plan.lanes[lane].host.name == host {
            for stage in plan.lanes[lane].stages.indices {
                let resources = plan.lanes[lane].stages[stage].resources
                plan.lanes[lane].stages[stage].resources = resources.compactMap { $0.id == id ? change($0) : $0 }
            }
        }
        return plan
    }
}
