import Glibc

/// What the system says of a name, without following it where it is a symbolic link.
struct FileStatus: Sendable {
  /// Which file it is, whatever it is called.
  struct Identity: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
  }

  var identity: Identity
  var isRegular: Bool
  var isDirectory: Bool
  /// Names that the file has.
  var links: UInt64
  var size: UInt64
  /// Bytes of the disk that it takes.
  var allocated: UInt64
  /// Bytes that are free without it. Some file systems don't know yet what a young file takes.
  var frees: UInt64 { allocated == 0 ? size : allocated }

  private init(_ status: stat) {
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    isRegular = status.st_mode & S_IFMT == S_IFREG
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    links = UInt64(status.st_nlink)
    size = UInt64(max(status.st_size, 0))
    allocated = UInt64(max(status.st_blocks, 0)) * 512
  }

  /// `nil` when there is no such thing, or it can't be looked at.
  init?(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(_ name: String, in directory: borrowing FileDescriptor) {
    var status = stat()
    guard fstatat(directory.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    self.init(status)
  }

  init?(open file: Int32) {
    var status = stat()
    guard fstat(file, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// What an open file's name leads to.
enum FilePlace: Sendable {
  case own
  case gone
  case another

  init(_ file: Int32, _ path: String) {
    guard let open = FileStatus(open: file), open.links > 0, let named = FileStatus(path) else {
      self = FileStatus(path) == nil ? .gone : .another
      return
    }
    self = named.identity == open.identity ? .own : .another
  }
}

extension System {
  /// Removes one certain file of a directory; one that is gone is removed. Neither name is followed where it is a symbolic link.
  static func remove(_ name: String, _ identity: FileStatus.Identity, in directory: String) throws(EvidenceError) {
    let path = directory + "/" + name
    let raw = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard raw >= 0 else { throw failure("open the directory", directory, errno) }
    let opened = FileDescriptor(raw: raw)
    if let found = FileStatus(name, in: opened), found.identity != identity {
      throw EvidenceError("\(path): another file has this name than a moment ago; it is left alone: look who exchanged it")
    }
    guard unlinkat(opened.raw, name, 0) == 0 || errno == ENOENT else { throw failure("remove it", path, errno) }
    guard fsync(opened.raw) == 0 else { throw failure("sync the directory", directory, errno) }
  }

  /// Bytes of the file system of a directory; `nil` when it does not say.
  static func totalBytes(_ path: String) -> UInt64? {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return nil }
    let (bytes, overflows) = UInt64(status.f_blocks).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflows ? nil : bytes
  }
}
