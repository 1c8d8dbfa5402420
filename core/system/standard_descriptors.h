#pragma once

namespace enroll::system {

/// Opens /dev/null as standard input, output or error where this process was started without one. First thing in
/// main().
///
/// Otherwise the next file that is opened, a journal for instance, would get that number, and log lines would go into
/// it. /dev/null is opened for the opposite direction, so that a read or write still fails as on a closed descriptor.
void occupyStandardDescriptors() noexcept;

} // namespace enroll::system
