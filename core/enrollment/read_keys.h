#pragma once

#include "core/base/bytes.h"
#include "core/enrollment/ids.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

namespace enroll::enrollment {

/// The endorsement keys that the runs of this program read and that no record names, each with the serial number under which
/// it was read. Any thread.
///
/// A device has one label. Where its key is read under a second serial number, while the run of the first one goes on or after
/// it ended without a Pass, a label or a device is where another one belongs, and no look at a slot can tell: a cable that
/// died silently, a device that was put back elsewhere. So the second run does not pass, unless the same pair is read again,
/// because somebody compared the label. What passed has a record: EkIndex knows it.
class ReadKeys {
public:
    /// The key of \p fingerprint, attestation::keyFingerprint(), is read in a run of \p serial. Returns the serial number whose
    /// device it may be instead.
    std::optional<SerialNumber> read(const Bytes& fingerprint, const SerialNumber& serial);
    /// It has a record now.
    void passed(const Bytes& fingerprint);

private:
    struct Reader {
        SerialNumber serial;
        std::optional<SerialNumber> second; ///< read it too, and nobody said yet which is right
        std::uint64_t order = 0;
    };
    void makeRoom();

    std::mutex m_mutex;
    std::map<Bytes, Reader> m_readers;
    std::uint64_t m_reads = 0;
};

} // namespace enroll::enrollment
