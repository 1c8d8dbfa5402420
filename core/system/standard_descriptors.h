#pragma once

namespace enroll::system {

/// Makes sure that nothing this process opens becomes standard input, output or error by chance: where one of them is
/// closed, /dev/null takes its place, opened the wrong way round, so that reading or writing still fails as on a closed
/// descriptor. First thing in main().
void occupyStandardDescriptors() noexcept;

} // namespace enroll::system
