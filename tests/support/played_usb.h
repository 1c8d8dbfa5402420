#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <umockdev.h>
#include <vector>

namespace enroll::test {

/// The USB ports of a machine, played by umockdev: what is plugged in is there in /sys for this program and its children alone, and
/// udev tells of it. Needs libumockdev-preload.so to be loaded.
/// \par Source   Linux, Documentation/ABI/stable/sysfs-bus-usb
class PlayedUsb {
public:
    PlayedUsb() : m_testbed(umockdev_testbed_new()) { add(kBus, "usb", "usb_device"); }

    /// Plugs a device into \p port, with a serial line at each of \p lines, of interface 0, 1 and so on.
    void plug(const std::string& port, const std::vector<std::string>& lines)
    {
        const auto device = begin(port);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto interface = device + "/" + port + ":1." + std::to_string(i);
            add(interface, "usb", "usb_interface", "A: bInterfaceNumber=0" + std::to_string(i) + "\n");
            add(interface + "/tty/" + nameOf(lines[i]), "tty", {}, "E: DEVNAME=" + lines[i] + "\n");
        }
        tellOf(port, "add");
    }

    /// Plugs an adapter with a TPM into \p port, whose node is \p node.
    void plugTpm(const std::string& port, const std::string& node)
    {
        const auto device = begin(port);
        add(device + "/tpmrm/" + nameOf(node), "tpmrm", {}, "E: DEVNAME=" + node + "\n");
        tellOf(port, "add");
    }

    void unplug(const std::string& port)
    {
        tellOf(port, "remove");
        auto& paths = m_plugged.at(port);
        for (auto path = paths.rbegin(); path != paths.rend(); ++path) { // children first
            umockdev_testbed_remove_device(m_testbed.get(), ("/sys" + *path).c_str());
        }
        m_plugged.erase(port);
    }

private:
    static constexpr auto kBus = "/devices/pci0000:00/0000:00:14.0/usb1";

    static constexpr std::string_view kNode = "DEVNAME=";

    struct Free {
        void operator()(char* text) const noexcept { g_free(text); }
    };
    struct Unref {
        void operator()(UMockdevTestbed* testbed) const noexcept { g_object_unref(testbed); }
    };

    static std::string nameOf(const std::string& node) { return node.substr(node.rfind('/') + 1); }

    std::string begin(const std::string& port)
    {
        m_paths = &m_plugged[port];
        const auto device = std::string{kBus} + "/" + port;
        add(device, "usb", "usb_device", "A: devnum=" + std::to_string(++m_devices) + "\\n\n");
        return device;
    }

    void add(const std::string& path, const std::string& subsystem, const std::string& type,
             const std::string& more = {})
    {
        const auto description = "P: " + path + "\nE: SUBSYSTEM=" + subsystem + "\n" +
                                 (type.empty() ? "" : "E: DEVTYPE=" + type + "\n") + more + "\n";
        if (umockdev_testbed_add_from_string(m_testbed.get(), description.c_str(), nullptr) == 0) {
            std::abort();
        }
        if (m_paths != nullptr) {
            m_paths->push_back(path);
        }
        // umockdev makes an empty file of each node, which would hide a real one.
        if (const auto at = more.find(kNode); at != std::string::npos) {
            const auto node = more.substr(at + kNode.size(), more.find('\n', at) - at - kNode.size());
            const std::unique_ptr<char, Free> root{umockdev_testbed_get_root_dir(m_testbed.get())};
            std::filesystem::remove(root.get() + node);
        }
    }

    void tellOf(const std::string& port, const char* action)
    {
        for (const auto& path : m_plugged.at(port)) {
            umockdev_testbed_uevent(m_testbed.get(), ("/sys" + path).c_str(), action);
        }
    }

    std::unique_ptr<UMockdevTestbed, Unref> m_testbed;
    std::map<std::string, std::vector<std::string>> m_plugged; ///< paths in /sys, parents first
    int m_devices = 1;
    std::vector<std::string>* m_paths = nullptr; ///< of the device that is being plugged in
};

} // namespace enroll::test
