#include "app/wiring/software_stamp.h"

namespace enroll::app::wiring {

enrollment::SoftwareStamp softwareStamp()
{
    return {ENROLL_VERSION, ENROLL_BUILD};
}

} // namespace enroll::app::wiring
