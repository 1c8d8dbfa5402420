#pragma once

#include "core/base/clock.h"
#include "core/provisioning/enrollment_list.h"

#include <mutex>
#include <optional>

namespace enroll::app::service {

/// Goes over the enrollment list a part at a time, and again from its start, so that a document that cannot be read is
/// found before its device asks. Any thread.
class StoreCheck {
public:
    enum class Found { Good, Damaged };

    /// Reads the next part, at most once a second: whoever asks again within the second after \p now gets the same answer,
    /// because anybody may ask, and as often as he likes. A part with a document that cannot be read is read again each
    /// time, and is Damaged until it is mended; the document is named on standard error, once.
    /// \par Errors   P-701, P-702: each time anew
    Result<Found> goOn(provisioning::EnrollmentList& list, UtcTime now);

private:
    struct Answer {
        UtcTime at;
        Found found;
    };
    Result<Found> readOn(provisioning::EnrollmentList& list);

    std::mutex m_mutex;
    std::optional<Answer> m_last;
    std::string m_afterKey;
    std::string m_said; ///< of the damage that was named last
};

} // namespace enroll::app::service
