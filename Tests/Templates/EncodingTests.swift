import Foundation
import Templates
import Testing

@Suite struct EncodingTests {
    @Test(arguments: [
        ("plain", "plain"), ("/a/b.crt", "/a/b.crt"), ("10.32.0.10", "\"10.32.0.10\""), ("true", "\"true\""),
        ("No", "\"No\""), ("", "\"\""), ("a: b", "\"a: b\""), ("a #b", "\"a #b\""), ("*", "\"*\""),
        ("1e3", "\"1e3\""), ("system:node:a", "system:node:a"), ("a:", "\"a:\""), ("0x1F", "\"0x1F\""),
        ("a\nb", "\"a\\nb\""), ("'x'", "\"'x'\""), ("é\u{85}", "\"é\\u0085\""), ("a\"\\", "\"a\\\"\\\\\""),
    ])
    func yamlScalars(text: String, expected: String) {
        #expect(YAMLText.encode(["key": .string(text)]) == "key: \(expected)\n")
    }

    @Test func yamlStructure() {
        let value: OrderedValue = [
            "z": [["name": "a", "args": ["x", "1"]], []], "empty": [:], "text": "line 1\n  line 2\n", "n": 0,
            "no": .null,
        ]
        let expected = """
            z:
            - name: a
              args:
              - x
              - "1"
            - []
            empty: {}
            text: |
              line 1
                line 2
            "n": 0
            "no": null

            """
        #expect(YAMLText.encode(value) == expected)
    }

    @Test func jsonIsReadBack() throws {
        let awkward = QuotingTests.words
        let text = JSONText.encode(["words": .strings(awkward), "n": -3, "b": true, "o": ["x": .null]])
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["words"] as? [String] == awkward)
        #expect(object?["n"] as? Int == -3)
        let compact = JSONText.encodeCompact(["a": [1, "x"], "b": [:]])
        #expect(compact == #"{"a":[1,"x"],"b":{}}"#)
    }

    @Test func tomlTables() {
        let value: OrderedValue = [
            "version": 2,
            "plugins": ["io.containerd.grpc.v1.cri": ["a": true, "inner": ["list": ["x", "y"]], "b": "c\"d"]],
        ]
        let expected = """
            version = 2

            [plugins."io.containerd.grpc.v1.cri"]
            a = true
            b = "c\\"d"

            [plugins."io.containerd.grpc.v1.cri".inner]
            list = ["x", "y"]

            """
        #expect(TOMLText.encode(value) == expected)
    }

    @Test(arguments: 0...20)
    func base64(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 200) }
        #expect(Base64Text.encode(bytes) == Data(bytes).base64EncodedString())
    }

    @Test(arguments: [
        ("true", OrderedValue.bool(true)), ("12", .integer(12)), ("012", .string("012")), ("'12'", .string("12")),
        ("null", .null), ("10m", .string("10m")),
    ])
    func scalars(text: String, expected: OrderedValue) {
        #expect(OrderedValue(scalar: text) == expected)
    }

    @Test func oneValueIsLaidOverAnother() {
        let value: OrderedValue = ["a": ["b": 1], "c": [1, 2]]
        let added = OrderedValue("x", below: ["a", "d", "e.f"])
        #expect(value.merging(added) == ["a": ["b": 1, "d": ["e.f": "x"]], "c": [1, 2]])
        #expect(value.merging(["d": true, "c": ["x"], "b": ["z": 1, "y": 2], "a": 3]) == Self.replaced)
        #expect(added.texts == ["x"])
    }

    /// New names in their order, whatever the order in which they were written.
    private static let replaced: OrderedValue = ["a": 3, "c": ["x"], "b": ["y": 2, "z": 1], "d": true]
}
