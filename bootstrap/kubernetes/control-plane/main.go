// The programs of a Kubernetes control plane, official code linked into one static binary.
package main

import (
	"os"
	_ "time/tzdata"

	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"

	"capt/bootstrap/kubernetes/internal/command"
	_ "capt/bootstrap/kubernetes/internal/parent"
	"capt/bootstrap/kubernetes/internal/programs"
)

// What runs on machines (kubelet, kubeadm, kube-proxy) is in the main package of the folder node beside this one, so that
// tests need not wait for it to be built.
var commands = []command.Command{
	{Name: "etcd", Summary: "the store behind the API server", Run: programs.Etcd},
	{Name: "kube-apiserver", Summary: "the Kubernetes API", Run: programs.Cobra(apiserver.NewAPIServerCommand)},
	{Name: "kube-controller-manager", Summary: "garbage collection, namespaces, service accounts …",
		Run: programs.Cobra(controllermanager.NewControllerManagerCommand)},
	{Name: "kubectl", Summary: "the command line client", Run: programs.Kubectl},
}

func main() { command.Main(commands, os.Args) }
