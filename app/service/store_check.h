#pragma once

#include "core/provisioning/enrollment_list.h"

#include <mutex>

namespace enroll::app::service {

/// Goes over the enrollment list a part at a time, and again from its start, so that a document that cannot be read is
/// found before its device asks. Any thread.
class StoreCheck {
public:
    enum class Found { Good, Damaged };

    /// Reads the next part. A part with a document that cannot be read is read again each time, and is Damaged until it is
    /// mended; the document is named on standard error, once.
    /// \par Errors   P-701, P-702
    Result<Found> goOn(provisioning::EnrollmentList& list);

private:
    std::mutex m_mutex;
    std::string m_afterKey;
    std::string m_said; ///< of the damage that was named last
};

} // namespace enroll::app::service
