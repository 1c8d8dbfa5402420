#pragma once

#include "db/sqlite/schema.h"

namespace enroll::db::sqlite {

/// "journal.sqlite.born" beside the file: says that the file was begun once. Where it stands, an absent or empty file is
/// one that was lost, and none is begun in its place: a new one would know nothing of what the old one held. Without it,
/// an empty file is what an interrupted first start left.
///
/// Written when the file's first transaction is on the disk, or when a file that has none is opened for writing, so a
/// crash at any moment leaves a file with or without its mark, and no mark without a file.
std::filesystem::path birthMark(const std::filesystem::path& file);

/// True if anything has the mark's name.
bool wasBorn(const std::filesystem::path& file);

/// Writes the mark of \p file, open as \p database, unless there is one. Its words are for people; the id that the file was
/// begun with is among them. Error: the kind's cannotSave.
Result<void> markBirth(Connection& database, const std::filesystem::path& file, const SchemaKind& kind);

/// What is said of a file that was lost; \p how ends the words "the journal that was begun here ".
Error lostFile(const std::filesystem::path& file, const SchemaKind& kind, const std::string& how);

/// Error damaged if the mark is there, and \p file is not or has no byte; or if its write-ahead log is there without it.
/// Before anything is made or opened.
Result<void> requireNotLost(const std::filesystem::path& file, const SchemaKind& kind);

} // namespace enroll::db::sqlite
