#include "tests/app/chain/made_states.h"

#include "core/system/whole_file.h"
#include "tests/support/must.h"

#include <QtGlobal>

#include <fstream>

namespace enroll::test {

void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

Make tools(std::vector<std::vector<std::string>> commands)
{
    return [commands = std::move(commands)](const SwtpmFixture& tpm) {
        for (const auto& command : commands) {
            run(tpm, command);
        }
    };
}

Make both(const Make& first, const Make& second)
{
    return [=](const SwtpmFixture& tpm) {
        first(tpm);
        second(tpm);
    };
}

Bytes contentOf(const SwtpmFixture& tpm, const char* index)
{
    run(tpm, {"tpm2_nvread", index, "-o", "content"});
    return must(system::readWholeFile(tpm.directory() / "content", 4096));
}

void define(const SwtpmFixture& tpm, const char* index, const Bytes& content, const char* attributes)
{
    std::ofstream{tpm.directory() / "content", std::ios::binary}.write(reinterpret_cast<const char*>(content.data()),
                                                                       std::ssize(content));
    run(tpm, {"tpm2_nvdefine", "-C", "p", "-s", std::to_string(content.size()), "-a", attributes, index});
    run(tpm, {"tpm2_nvwrite", "-C", "p", "-i", "content", index});
}

Make certificate(Bytes (*change)(const Bytes& der), const char* attributes)
{
    return [change, attributes](const SwtpmFixture& tpm) {
        const auto content = change(contentOf(tpm, kCertificate));
        run(tpm, {"tpm2_nvundefine", "-C", "p", kCertificate});
        define(tpm, kCertificate, content, attributes);
    };
}

Bytes unchanged(const Bytes& der)
{
    return der;
}

Make persistent(const std::string& hierarchy, const std::vector<std::string>& options, const std::string& handle)
{
    return [=](const SwtpmFixture& tpm) {
        if (handle == "0x81010001") {
            tpm.evict(handle);
        }
        std::vector<std::string> create{"tpm2_createprimary", "-Q", "-C", hierarchy, "-c", "key.ctx"};
        create.insert(create.end(), options.begin(), options.end());
        run(tpm, create);
        run(tpm, {"tpm2_evictcontrol", "-Q", "-C", hierarchy == "p" ? "p" : "o", "-c", "key.ctx", handle});
        run(tpm, {"tpm2_flushcontext", "-t"});
    };
}

} // namespace enroll::test
