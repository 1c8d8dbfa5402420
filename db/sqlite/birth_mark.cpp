#include "db/sqlite/birth_mark.h"

#include "core/base/recoded.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"

#include <system_error>

namespace enroll::db::sqlite {
namespace {

/// True for a log that outlived its file: SQLite would delete it with whatever was committed in it.
bool hasBytes(const std::filesystem::path& log)
{
    std::error_code fault;
    const auto size = std::filesystem::file_size(log, fault);
    return !fault && size > 0;
}

} // namespace

std::filesystem::path birthMark(const std::filesystem::path& file)
{
    return file.string() + ".born";
}

bool wasBorn(const std::filesystem::path& file)
{
    return system::isAnythingThere(birthMark(file));
}

Result<void> markBirth(Connection& database, const std::filesystem::path& file, const SchemaKind& kind)
{
    if (wasBorn(file)) {
        return {};
    }
    TRY_ASSIGN(const auto id, kind.birthId == nullptr ? Result<std::string>{std::string{}} : kind.birthId(database));
    const auto text = std::string{kind.name} + " in " + file.filename().string() + " was begun" +
                      (id.empty() ? std::string{} : " with id " + id) +
                      ".\nWhile this file is here, no new one is begun in its place: move it away only if a new one is "
                      "meant.\n";
    return recoded(system::writeDurably(birthMark(file), asBytes(text), system::FileMode::OwnerOnly),
                   kind.codes.cannotSave);
}

Error lostFile(const std::filesystem::path& file, const SchemaKind& kind, const std::string& how)
{
    const auto name = file.string();
    return makeError(kind.codes.damaged,
                     name + ": " + kind.name + " that was begun here " + how +
                         ": none was begun in its place, because that would know nothing of what was enrolled before; "
                         "put it back from a backup, with " +
                         file.filename().string() +
                         "-wal if there is one (what it held before a new version changed "
                         "it: " +
                         name + ".schema-*); if a new one is meant, move " + birthMark(file).string() + " away, and " +
                         name + "-wal, where they are");
}

Result<void> requireNotLost(const std::filesystem::path& file, const SchemaKind& kind)
{
    // The mark is looked for first: it is written after the file, by another program perhaps.
    const bool born = wasBorn(file);
    std::error_code fault;
    const auto status = std::filesystem::status(file, fault);
    if (status.type() == std::filesystem::file_type::not_found) {
        return born || hasBytes(file.string() + "-wal") ? Result<void>{lostFile(file, kind, "is missing")}
                                                        : Result<void>{};
    }
    if (born && std::filesystem::is_regular_file(status) && std::filesystem::file_size(file, fault) == 0 && !fault) {
        return lostFile(file, kind, "is empty");
    }
    return {};
}

} // namespace enroll::db::sqlite
