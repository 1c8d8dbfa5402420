#pragma once

#include "core/station/slot_memory.h"

#include <filesystem>

namespace enroll::db::slot_memory {

/// SlotMemory in the file "slots.json" of the data directory, replaced as a whole at each change.
///
/// A thread of its own writes, so that no caller but that of begin() waits for the disk; what changes while it writes is
/// written together afterwards. A write that failed is tried again with the next change. The destructor waits until the
/// last change is written.
///
/// The file belongs to one program at a time: "station.lock" beside it is held as long as this object lives.
class SlotMemoryFile final : public station::SlotMemory {
public:
    /// Reads what is kept in \p dataDirectory; nothing is written. A file that cannot be read is moved to a name of its
    /// own beside it, for maintenance, and nothing is kept of before: see fault(). One that cannot be moved is never
    /// replaced: as long as it is there, no test begins.
    /// \par Errors   S-302 (another program has the station open), S-333 ("station.lock" is there and cannot be locked)
    static Result<std::shared_ptr<SlotMemoryFile>> open(const std::filesystem::path& dataDirectory);
    ~SlotMemoryFile() override;

    /// Why what was kept could not be read, and where it lies now.
    [[nodiscard]] const std::optional<Error>& fault() const noexcept;

    [[nodiscard]] const station::KeptTests& kept() const noexcept override;
    Result<void> begin(enrollment::SlotNumber slot, const station::KeptTest& test) override;
    void change(enrollment::SlotNumber slot, const std::optional<station::KeptTest>& test) override;

private:
    struct Impl;
    explicit SlotMemoryFile(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

/// The file's name in a data directory.
std::filesystem::path slotMemoryFile(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::slot_memory
