// Package programs wraps what the official main functions of Kubernetes do, for binaries that link several of them.
package programs

import (
	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

// Etcd is what the official etcd binary runs: every flag of the release binary works here too.
func Etcd(args []string) int {
	etcdmain.Main(args)
	return 0
}

// Cobra runs a program the way the official main functions do.
func Cobra(newCommand func() *cobra.Command) func([]string) int {
	return func([]string) int { return cli.Run(newCommand()) }
}

// Kubectl is the command line client.
func Kubectl(args []string) int {
	// Before anything else, as the official main does it: building the command already logs.
	_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(args))
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
	return 0
}
