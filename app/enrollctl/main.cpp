#include "app/enrollctl/program.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_lifetime.h"
#include "core/system/base_directories.h"
#include "core/system/interrupt_watch.h"
#include "core/system/standard_descriptors.h"
#include "core/tpm/library_log.h"

#include <QCoreApplication>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <unistd.h>

namespace {

using namespace enroll;
using namespace enroll::app::enrollctl;

/// Whether the terminal shows colours. Any value of NO_COLOR but an empty one switches them off. Source: no-color.org.
Colour terminalColour()
{
    const char* refused = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): nothing else runs yet
    const bool plain = (refused != nullptr && *refused != '\0') || ::isatty(STDOUT_FILENO) == 0;
    return plain ? Colour::Plain : Colour::Ansi;
}

} // namespace

int main(int argc, char* argv[])
{
    system::occupyStandardDescriptors();
    system::forgetRelativeBaseDirectories();
    crypto::keepOpensslToTheEnd();
    tpm::silenceLibraryLog();                // it sets the environment: before other threads
    const system::InterruptWatch interrupts; // before other threads, which inherit the blocked signals
    const QCoreApplication application{argc, argv};
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    Output output{std::cout, std::cerr};
    try {
        return static_cast<int>(runProgram(arguments, output, terminalColour(), interrupts.token()));
    } catch (const std::exception& fault) { // out of memory, or a library that throws
        output.error(makeError(StationCode::InternalFault, fault.what()));
        return static_cast<int>(ExitCode::StationFault);
    }
}
