import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An element of an XML file, with the line where it begins.
final class MarkupElement {
  let name: String
  let line: Int
  let attributes: [String: String]
  fileprivate(set) var children: [MarkupElement] = []
  /// Its own characters, without those of its children.
  fileprivate(set) var text = ""

  init(name: String, line: Int, attributes: [String: String]) {
    self.name = name
    self.line = line
    self.attributes = attributes
  }

  func all(_ name: String) -> [MarkupElement] { children.filter { $0.name == name } }
  func first(_ name: String) -> MarkupElement? { children.first { $0.name == name } }

  /// Reads a file whose top element has the name `root`. External entities are not loaded.
  static func read(_ bytes: [UInt8], file: String, root: String, subject: String? = nil) throws(ImportError)
    -> MarkupElement
  {
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    let builder = MarkupBuilder()
    parser.delegate = builder
    // A file that is cut off parses without complaint on some systems: its elements stay open.
    let complete = parser.parse() && !builder.failed && builder.isClosed
    guard complete, let top = builder.top else {
      throw ImportError(
        file: file, line: parser.lineNumber > 0 ? parser.lineNumber : nil, subject: subject,
        problem: bytes.isEmpty
          ? "the file is empty" : builder.isTooDeep ? "its elements are nested more than \(MarkupBuilder.deepest) deep" : "is not well-formed XML",
        remedy: "correct it, or make it again (xmllint says more)")
    }
    guard top.name == root else {
      throw ImportError(
        file: file, line: top.line, subject: subject, problem: "begins with <\(top.name)>, not <\(root)>",
        remedy: "name the right file")
    }
    return top
  }
}

private final class MarkupBuilder: NSObject, XMLParserDelegate {
  var top: MarkupElement?
  /// Far beyond any description; a tree is released by recursion.
  static let deepest = 256

  private(set) var failed = false
  private(set) var isTooDeep = false
  var isClosed: Bool { open.isEmpty }
  private var open: [MarkupElement] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    guard open.count < MarkupBuilder.deepest else {
      (failed, isTooDeep) = (true, true)
      parser.abortParsing()
      return
    }
    let element = MarkupElement(name: name, line: parser.lineNumber, attributes: attributes)
    if let parent = open.last { parent.children.append(element) } else { top = element }
    open.append(element)
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if !isTooDeep { open.removeLast() }
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    // 200 to 205 in libxml2: a prefix without a namespace, as old simulators' extensions have.
    if !(200...205).contains((error as NSError).code) { failed = true }
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) { open.last?.text += characters }

  func parser(_ parser: XMLParser, foundCDATA data: Data) {
    open.last?.text += String(decoding: data, as: UTF8.self)
  }
}
