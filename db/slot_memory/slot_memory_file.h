#pragma once

#include "core/enrollment/product_profile.h"
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
    /// Reads what is kept in \p dataDirectory of the slots with these \p devices, which \p profile tests; nothing is written
    /// where that succeeds.
    ///
    /// What cannot be read is moved to a name of its own beside it, for maintenance; see fault(). A symbolic link is moved
    /// itself, and never followed: what it leads to is somebody else's. What cannot be moved is never replaced: as long as
    /// it is there, no test begins. Nobody knows then what the slots showed. So a test without a serial number is kept of
    /// each, also over the next starts, until somebody dealt with it.
    /// \par Errors   S-302 (another program has the station open), S-333 ("station.lock" is there and cannot be locked)
    static Result<std::shared_ptr<SlotMemoryFile>> open(const std::filesystem::path& dataDirectory,
                                                        const std::map<enrollment::SlotNumber, std::string>& devices,
                                                        const enrollment::ProductProfile& profile);
    ~SlotMemoryFile() override;

    /// Why what was kept could not be read at this start, and where it lies now.
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

/// The name of the lock beside it, which the program that has the station open holds.
std::filesystem::path stationLockFile(const std::filesystem::path& dataDirectory);

/// What is kept in \p dataDirectory; none if nothing was kept yet. Changes nothing.
/// \par Errors   S-333 naming the file: it is a symbolic link or no file, it cannot be read, or one that could not be read
///               was set aside, and nothing was written since; S-334 (not the station's document)
Result<station::KeptTests> readKeptTests(const std::filesystem::path& dataDirectory,
                                         const enrollment::ProductProfile& profile);

} // namespace enroll::db::slot_memory
