#include "core/scanner/scanner_port.h"

#include "core/base/station_code.h"
#include "core/scanner/key_text.h"
#include "core/scanner/keyboard_scanner.h"
#include "core/scanner/serial_scanner.h"
#include "core/system/descriptor.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::scanner {
namespace {

std::string whatToDo(int number)
{
    switch (number) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
        return " is not there: connect the scanner, or correct scanner.device";
    case EACCES:
    case EPERM:
        return " may not be read: add the station's user to the group of the device (input or dialout)";
    case EBUSY:
        return " is used by another program: close that";
    default:
        return " cannot be opened";
    }
}

Error cannotOpen(const std::string& name, int number)
{
    return makeError(StationCode::ScannerLost, name + whatToDo(number), "open", Errno{number});
}

} // namespace

Result<void> requireReadable(const enrollment::OwnScanner& scanner)
{
    if (::access(scanner.device.c_str(), R_OK) != 0) {
        return cannotOpen(scanner.device.string(), errno);
    }
    if (scanner.types()) {
        TRY_ASSIGN([[maybe_unused]] const auto keys, KeyText::create(scanner.layout));
    }
    return {};
}

Result<std::unique_ptr<ScannerPort>> openScanner(const enrollment::OwnScanner& scanner)
{
    const auto name = scanner.device.string();
    system::Descriptor node{::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
    if (!node.valid()) {
        return cannotOpen(name, errno);
    }
    struct stat status {};
    if (::fstat(node.fd(), &status) != 0 || !S_ISCHR(status.st_mode)) {
        return makeError(StationCode::ScannerLost, name + " is not a device: correct scanner.device", "open");
    }
    return scanner.types() ? openKeyboardScanner(std::move(node), scanner)
                           : openSerialScanner(std::move(node), scanner);
}

} // namespace enroll::scanner
