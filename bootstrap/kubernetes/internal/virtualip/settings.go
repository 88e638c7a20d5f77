package virtualip

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

// settings under the names that kube-vip has for them.
type settings struct {
	address       netip.Addr
	port          int
	network       string
	namespace     string
	lease         string
	kubeconfig    string
	leaseDuration time.Duration
	renewDeadline time.Duration
	retryPeriod   time.Duration
}

func settingsFrom(getenv func(string) string) (settings, error) {
	address, err := netip.ParseAddr(getenv("address"))
	if err != nil || !address.Is4() {
		return settings{}, fmt.Errorf("the variable address is %q; it must be an IPv4 address", getenv("address"))
	}
	found := settings{
		address:    address,
		network:    getenv("vip_interface"),
		namespace:  orElse(getenv("cp_namespace"), "kube-system"),
		lease:      orElse(getenv("vip_leasename"), "plndr-cp-lock"),
		kubeconfig: orElse(getenv("KUBECONFIG"), "/etc/kubernetes/admin.conf"),
	}
	numbers := []struct {
		name  string
		other int
		set   func(int)
	}{
		{"port", 6443, func(value int) { found.port = value }},
		// Longer than those of kube-vip: an API server that is slow for a while is no reason to take the address away from it.
		{"vip_leaseduration", 30, func(value int) { found.leaseDuration = time.Duration(value) * time.Second }},
		{"vip_renewdeadline", 20, func(value int) { found.renewDeadline = time.Duration(value) * time.Second }},
		{"vip_retryperiod", 3, func(value int) { found.retryPeriod = time.Duration(value) * time.Second }},
	}
	for _, number := range numbers {
		value, err := strconv.Atoi(orElse(getenv(number.name), strconv.Itoa(number.other)))
		if err != nil || value < 1 || value > 65535 {
			return settings{}, fmt.Errorf("the variable %s is %q; it must be a number from 1 to 65535", number.name, getenv(number.name))
		}
		number.set(value)
	}
	return found, nil
}

func orElse(value, other string) string {
	if value == "" {
		return other
	}
	return value
}
